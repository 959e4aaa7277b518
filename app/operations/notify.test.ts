import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type Mailbox, openMailbox } from '@upkeep/lab/servers/mailbox'
import { type MessageServices, openMessageServices } from '@upkeep/lab/servers/message-services'
import { selfSigned } from '@upkeep/lab/servers/self-signed'
import { type Hook, openHook } from '@upkeep/lab/servers/webhook'
import PostalMime from 'postal-mime'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deliverWaiting } from '../tell-people.ts'
import { approve } from './approve.ts'
import { changes } from './changes.ts'
import { emergency } from './emergency.ts'
import { findings } from './findings.ts'
import { fix } from './fix.ts'
import { inbox } from './inbox.ts'
import { drifted, type Told, toldHome } from './notify.cases.ts'
import { notifyChannels } from './notify-channels.ts'
import { notifyLog } from './notify-log.ts'
import { notifyTest } from './notify-test.ts'

const plain = { width: 160, colour: false, ascii: true, verbose: false }
const inner = 'outgoing: { inner: [127.0.0.1] }\n'
const key = `whsec_${Buffer.from('a key of the test, long enough').toString('base64')}`
const routingKey = 'PAGERDUTYKEYOFTHETEST00000000000'
const minute = 60

const identity = selfSigned()

let hook: Hook
let services: MessageServices
let mailbox: Mailbox
beforeEach(async () => {
  ;[hook, services, mailbox] = await Promise.all([openHook(), openMessageServices(), openMailbox()])
})
afterEach(() => Promise.all([hook.close(), services.close(), mailbox.close()]))

const deliver = ({ product }: Told) => product.within(deliverWaiting)
const log = async ({ product }: Told) => (await product.run(notifyLog)).output.deliveries
const lost = async ({ product }: Told) =>
  (await product.run(inbox)).output.items.filter(({ kind }) => kind === 'given-up')
const standing = async (told: Told) => (await log(told)).map(({ event, state }) => `${event} ${state}`)
const webhook = (over = '') => `${inner}notify: [{ name: pager, webhook: '${hook.url}'${over} }]\n`
const smtp = () => `smtp: { host: 127.0.0.1, port: ${mailbox.port}, tls: none }`

/** A client's file that anybody may write, which is not as it was approved either. */
function openToAll({ product }: Told): void {
  for (const folder of [dirname(product.home), product.home, join(product.home, '.cursor')]) chmodSync(folder, 0o755)
  chmodSync(join(product.home, '.cursor/mcp.json'), 0o666)
}

describe('each kind of channel', () => {
  test('an alarm and its end arrive at all of them, as each of their references has it', async () => {
    const told = await toldHome(
      `${inner}servers: [{ name: web, owner: bob }]
people: [{ id: bob, name: Bob, roles: [operator], mail: bob@example.org }, { id: cy, name: Cy, roles: [approver], mail: cy@example.org }]
notify:
  - { name: hook, webhook: '${hook.url}', secret: 'env:HOOK_KEY' }
  - { name: chat, slack: 'env:SLACK_URL' }
  - { name: team, teams: 'env:TEAMS_URL' }
  - { name: oncall, pagerduty: 'env:PAGERDUTY_KEY', at: '${services.url}/pagerduty' }
  - { name: owners, mail: { owners: true }, from: upkeep@example.org, ${smtp()} }
  - { name: approvers, mail: { roles: [approver] }, from: upkeep@example.org, ${smtp()} }
  - { name: others, webhook: '${hook.url}', owners: [ada] }
`,
      {
        HOOK_KEY: key,
        SLACK_URL: `${services.url}/slack`,
        TEAMS_URL: `${services.url}/teams`,
        PAGERDUTY_KEY: routingKey,
      },
    )
    told.servers(drifted)
    await told.round()
    told.servers()
    await told.round()
    expect(services.refused).toEqual([])
    expect(services.taken.map(({ service }) => service).sort()).toEqual([
      ...['pagerduty', 'pagerduty', 'slack', 'slack', 'teams', 'teams'],
    ])
    const [opened, closed] = services.taken.flatMap(({ service, message }) =>
      service === 'pagerduty' ? [message] : [],
    )
    expect(opened).toMatchObject({ event_action: 'trigger', routing_key: routingKey })
    expect(closed).toMatchObject({ event_action: 'resolve', dedup_key: opened?.dedup_key })
    expect(hook.told().map(({ event }) => event)).toEqual(['alarm', 'resolved'])
    for (const { body, headers } of hook.posts) {
      const id = headers['webhook-id'] ?? ''
      const at = new Date(Number(headers['webhook-timestamp']) * 1_000)
      expect(headers['webhook-signature']).toBe(new Webhook(key).sign(id, at, body))
      expect(JSON.parse(body)).toMatchObject({ id, format: 'upkeep-notice/1' })
    }
    expect(mailbox.mails.map(({ to }) => to[0]).sort()).toEqual([
      ...['bob@example.org', 'bob@example.org', 'cy@example.org', 'cy@example.org'],
    ])
    const [alarm, over] = mailbox.mails.filter(({ to }) => to[0] === 'bob@example.org')
    expect(alarm?.subject).toMatch(/^Alarm: /)
    expect(over?.subject).toMatch(/^Over: /)
    expect([over?.inReplyTo, over?.references]).toEqual([alarm?.inReplyTo, alarm?.references])
    expect(await standing(told)).toEqual([
      ...Array.from({ length: 6 }, () => 'resolved delivered'),
      ...Array.from({ length: 6 }, () => 'alarm delivered'),
    ])
    expect(JSON.stringify(await log(told))).not.toMatch(/PAGERDUTYKEYOFTHETEST|whsec_/)
  })

  test('a channel may ask for other things only, and what nobody can be told is said to be so', async () => {
    const told = await toldHome(
      `${inner}notify:
  - { name: changes, webhook: '${hook.url}', about: [change-applied] }
  - { name: owners, mail: { owners: true }, from: upkeep@example.org, ${smtp()} }
`,
    )
    told.servers(drifted)
    await told.round()
    expect(hook.posts).toEqual([])
    expect(await log(told)).toMatchObject([{ channel: 'owners', state: 'failed', recipient: 'nobody' }])
    const { output } = await told.product.run(inbox)
    expect(output.items.filter(({ kind }) => kind === 'given-up')).toMatchObject([{ subject: 'owners' }])
  })

  test('of what is less grave only those are told who asked for it, in a message of its own', async () => {
    const told = await toldHome(
      `${inner}notify: [{ name: usual, webhook: '${hook.url}' }, { name: all, webhook: '${hook.url}', severity: medium }]\n`,
    )
    chmodSync(join(told.product.home, '.cursor/mcp.json'), 0o640)
    told.servers(drifted)
    await told.round()
    expect((await log(told)).map(({ channel }) => channel).sort()).toEqual(['all', 'all', 'usual'])
    expect(hook.posts.map(({ body }) => JSON.parse(body).severity).sort()).toEqual(['critical', 'critical', 'medium'])
  })

  test.each([
    ['a key that is none', `, secret: 'env:WRONG'`, 'its key is not whsec_'],
    ['no key where one is named', `, secret: 'env:MISSING'`, 'its key is not where it is said to be'],
  ])('with %s nothing is sent unsigned', async (_, over, why) => {
    const told = await toldHome(webhook(over), { WRONG: 'short' })
    told.servers(drifted)
    await told.round()
    expect(hook.posts).toEqual([])
    expect(await log(told)).toMatchObject([{ state: 'due', why: expect.stringContaining(why) }])
  })

  test.skipIf(identity === null)(
    'mail takes TLS with a certificate that holds, and a password goes nowhere without (needs openssl)',
    async () => {
      const guarded = await openMailbox({
        tls: identity ?? undefined,
        login: { user: 'upkeep', password: 'of the test' },
      })
      const smtpOf = (rest: string) => `smtp: { host: 127.0.0.1, port: ${guarded.port}, ${rest} }`
      const channel = (rest: string) =>
        `{ name: mail, mail: ops@example.org, from: upkeep@example.org, ${smtpOf(rest)} }`
      const told = await toldHome(`${inner}notify: [${channel("user: upkeep, password: 'env:MAIL_PASSWORD'")}]\n`, {
        MAIL_PASSWORD: 'of the test',
      })
      const tried = async () => (await told.product.run(notifyTest)).output.deliveries[0]
      expect(await tried()).toMatchObject({ state: 'failed', why: expect.stringMatching(/could not be used \(/) })
      const before = getCACertificates('default')
      setDefaultCACertificates([...before, String(identity?.cert)])
      try {
        expect(await tried()).toMatchObject({ state: 'delivered', why: 'it was taken' })
      } finally {
        setDefaultCACertificates(before)
        await guarded.close()
      }
      expect(guarded.mails).toHaveLength(1)
      told.product.write('upkeep.yaml', `version: 1\nnotify: [${channel('tls: none')}]\n`)
      expect(await tried()).toMatchObject({ state: 'failed', why: 'the address is not a public one' })
      told.product.write('upkeep.yaml', `version: 1\nnotify: [${channel('tls: none, user: u')}]\n`)
      await expect(tried()).rejects.toThrow()
    },
  )
})

describe('what does not arrive', () => {
  test('is tried again, not before the other side asked, under the same id, and then no more', async () => {
    const told = await toldHome(webhook())
    told.servers(drifted)
    hook.answer(429, { 'retry-after': '600' })
    await told.round()
    expect(await log(told)).toMatchObject([{ state: 'due', why: 'it answered 429', attempts: 1 }])
    told.product.clock.advance(5 * minute)
    await deliver(told)
    expect(hook.posts).toHaveLength(1)
    told.product.clock.advance(6 * minute)
    hook.answer(200)
    await deliver(told)
    await deliver(told)
    expect(await log(told)).toMatchObject([{ state: 'delivered', why: 'it answered 200', attempts: 2 }])
    expect(new Set(hook.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(hook.posts).toHaveLength(2)
  })

  test('is given up after two days, stands in the inbox from the first failure on, and stays there until somebody saw it', async () => {
    const told = await toldHome(webhook())
    const asked = async () => (await told.product.run(inbox)).output.items.filter(({ kind }) => kind === 'not-told')
    told.servers(drifted)
    expect(await asked()).toEqual([])
    hook.answer(503)
    await told.round()
    expect(await asked()).toMatchObject([{ subject: 'pager', question: expect.stringContaining('it answered 503') }])
    for (let tries = 0; tries < 9; tries += 1) {
      told.product.clock.advance(24 * 60 * minute)
      await deliver(told)
    }
    expect(await log(told)).toMatchObject([{ state: 'failed', attempts: 9 }])
    expect(hook.posts).toHaveLength(9)
    expect((await told.product.run(notifyChannels)).text(plain)).toContain('not told')
    hook.answer(200)
    await told.product.run(notifyTest, { channel: 'pager' })
    expect(await asked()).toEqual([])
    const [item] = await lost(told)
    expect(item).toMatchObject({ subject: 'pager', question: expect.stringContaining('it answered 503') })
    expect(item?.why).toContain('web')
    const answered = await told.product.run(inbox, { answer: 'yes', id: item?.id ?? '' })
    expect(answered.output.done).toMatch(/seen by .*upkeep notify log "pager"/)
    expect(await lost(told)).toEqual([])
  })

  test('what was given up stays asked whatever arrives there since, until that matter is told there too', async () => {
    const told = await toldHome(webhook())
    told.servers(drifted)
    hook.answer(404)
    await told.round()
    hook.answer(200)
    told.servers({ ...drifted, fs: ['server@6.6.6'] })
    await told.round()
    expect(await log(told)).toMatchObject([{ state: 'delivered' }, { state: 'failed' }])
    const [item] = await lost(told)
    expect(item?.question).toContain('A message was given up')
    const put = await told.product.run(inbox, { answer: 'no', id: item?.id ?? '' })
    expect(put.output.done).toContain('Declined')
    expect(await lost(told)).toEqual([])
    hook.answer(404)
    told.servers({})
    await told.round()
    expect(await lost(told)).toMatchObject([{ question: expect.stringContaining('3 messages were given up') }])
    hook.answer(200)
    await told.product.run(notifyTest)
    expect(await lost(told)).toHaveLength(1)
  })

  test('a channel that works no more stands in the inbox until something arrives there', async () => {
    const told = await toldHome(webhook())
    const asked = async () => (await told.product.run(inbox)).output.items.filter(({ kind }) => kind === 'not-told')
    hook.answer(404)
    await told.product.run(notifyTest)
    const [item] = await asked()
    const answered = await told.product.run(inbox, { answer: 'yes', id: item?.id ?? '' })
    expect(answered.output.done).toContain('upkeep notify test "pager"')
    hook.answer(200)
    await told.product.run(notifyTest)
    expect(await asked()).toEqual([])
  })

  test.each([
    ['refused for good', 404, {}],
    ['sent elsewhere, which is not followed', 302, { location: 'http://169.254.169.254/' }],
    ['gone', 410, {}],
  ])('%s is not tried again', async (_, status, headers) => {
    const told = await toldHome(webhook())
    told.servers(drifted)
    hook.answer(status, headers)
    await told.round()
    expect(await log(told)).toMatchObject([{ state: 'failed', attempts: 1, nextAt: null }])
  })

  test('a mail server that has no time is asked again, one that refuses is not', async () => {
    const told = await toldHome(
      `${inner}notify: [{ name: mail, mail: ops@example.org, from: upkeep@example.org, ${smtp()} }]\n`,
    )
    mailbox.refuse(451)
    told.servers(drifted)
    await told.round()
    expect(await log(told)).toMatchObject([{ state: 'due', why: 'the mail server answered 451' }])
    mailbox.refuse(550)
    told.product.clock.advance(5 * minute)
    await deliver(told)
    expect(await log(told)).toMatchObject([{ state: 'failed', why: 'the mail server answered 550', attempts: 2 }])
  })

  test('a process that dies while it sends loses nothing: another sends it under the same id', async () => {
    const told = await toldHome(webhook())
    told.servers(drifted)
    hook.answer(503)
    await told.round()
    told.product.clock.advance(2 * minute)
    const now = told.product.clock.now()
    const until = new Date(Date.parse(now) + 120_000).toISOString()
    // What a process does before it sends, and then no more.
    await told.product.within(async (context) =>
      (await context.store()).deliveries.claim({ now, until, via: ['webhook'] }),
    )
    hook.answer(200)
    await deliver(told)
    expect(hook.posts).toHaveLength(1)
    told.product.clock.advance(3 * minute)
    await deliver(told)
    expect(new Set(hook.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await log(told)).toMatchObject([{ state: 'delivered', attempts: 3 }])
  })
})

describe('in its time', () => {
  test('what can wait is held in quiet hours and sent after them, in its order', async () => {
    const told = await toldHome(webhook(`, quiet: { from: '09:00', until: '11:00', zone: UTC }`))
    told.servers(drifted)
    await told.round()
    told.servers()
    await told.round()
    expect(hook.posts).toEqual([])
    expect(await standing(told)).toEqual(['resolved held', 'alarm held'])
    expect((await log(told))[0]).toMatchObject({ why: expect.stringContaining('quiet hours end at 2026-11-22T11:00') })
    told.product.clock.set('2026-11-22T11:00:00.000Z')
    await deliver(told)
    expect(hook.told().map(({ event }) => event)).toEqual(['alarm', 'resolved'])
  })

  test('a digest says once a day what would have been said one by one, and nothing where nothing changed', async () => {
    const told = await toldHome(webhook(`, digest: { every: day, at: '18:00', zone: Europe/Berlin }`))
    told.servers(drifted)
    await told.round()
    told.servers()
    await told.round()
    expect(hook.posts).toEqual([])
    told.product.clock.set('2026-11-22T17:00:00.000Z')
    await deliver(told)
    const [digest] = hook.told()
    expect(digest).toMatchObject({ event: 'digest', title: '2 messages', servers: ['web'] })
    expect(digest?.details.filter((line) => !line.startsWith(' '))).toEqual([
      expect.stringContaining('UTC  Alarm: '),
      expect.stringContaining('UTC  Over: '),
    ])
    expect(await standing(told)).toEqual(['digest delivered', 'resolved in-digest', 'alarm in-digest'])
    for (const day of [23, 24]) {
      told.product.clock.set(`2026-11-${day}T17:00:00.000Z`)
      await deliver(told)
    }
    expect(hook.posts).toHaveLength(1)
  })

  test('a test comes through at once, whatever the hour', async () => {
    const told = await toldHome(
      webhook(`, quiet: { from: '00:00', until: '00:00', zone: UTC }, digest: { every: week, at: '08:00', zone: UTC }`),
    )
    const { output, text } = await told.product.run(notifyTest, {}, 'bob')
    expect(output.deliveries).toMatchObject([{ state: 'delivered', event: 'test' }])
    expect(text(plain)).toContain('to 127.0.0.1')
    expect(hook.told()).toMatchObject([{ event: 'test', title: expect.stringContaining('bob') }])
    await expect(told.product.run(notifyTest, { channel: 'nobody' })).rejects.toThrow('No channel has that name')
  })

  test('an emergency waits for no morning and no digest; a rehearsal waits for both, unless it is asked not to', async () => {
    const told = await toldHome(
      webhook(`, quiet: { from: '00:00', until: '00:00', zone: UTC }, digest: { every: week, at: '08:00', zone: UTC }`),
    )
    told.servers(drifted)
    await told.round()
    expect(hook.posts).toEqual([])
    told.product.answer = 'yes'
    await told.product.run(emergency, { what: 'web', rehearse: true })
    expect(hook.posts).toEqual([])
    const waits = ['resolved for-digest', 'emergency-opened for-digest', 'alarm for-digest']
    expect(await standing(told)).toEqual(waits)
    await told.product.run(emergency, { what: 'web', rehearse: true, throughQuietHours: true })
    expect(hook.told()).toMatchObject([
      { event: 'emergency-opened', rehearsal: true },
      { event: 'resolved', rehearsal: true },
    ])
    hook.posts.length = 0
    await told.product.run(emergency, { what: 'web' })
    expect(hook.told()).toMatchObject([
      { event: 'emergency-opened', rehearsal: false },
      { event: 'emergency-contained', rehearsal: false },
    ])
  })

  test('a rehearsal is held in quiet hours, told when they end, and says at each channel that it is one', async () => {
    const told = await toldHome(
      `${inner}notify:
  - { name: hook, webhook: '${hook.url}', quiet: { from: '20:00', until: '07:00', zone: UTC } }
  - { name: oncall, pagerduty: 'env:KEY', at: '${services.url}/pagerduty' }
  - { name: team, mail: ops@example.org, from: upkeep@example.org, quiet: { from: '20:00', until: '07:00', zone: UTC }, ${smtp()} }
`,
      { KEY: routingKey },
    )
    told.product.clock.set('2026-11-23T22:00:00.000Z')
    told.product.answer = 'yes'
    await told.product.run(emergency, { what: 'web', rehearse: true })
    expect([hook.posts, mailbox.mails]).toEqual([[], []])
    expect(services.taken.map(({ message }) => message)).toMatchObject([
      { event_action: 'trigger', payload: { severity: 'info', summary: expect.stringMatching(/^REHEARSAL/) } },
      { event_action: 'resolve' },
    ])
    told.product.clock.set('2026-11-24T07:00:00.000Z')
    await deliver(told)
    expect(hook.told().map(({ event, rehearsal }) => [event, rehearsal])).toEqual([
      ['emergency-opened', true],
      ['resolved', true],
    ])
    for (const { text, subject } of mailbox.mails)
      expect([subject, text]).toEqual([
        expect.stringMatching(/^REHEARSAL: /),
        expect.stringContaining('rehearsal: practice: nothing is wrong, and nothing is written'),
      ])
    expect(mailbox.mails).toHaveLength(2)
  })

  test('that an emergency was given up is told to whom it called', async () => {
    const told = await toldHome(webhook())
    await expect(told.product.run(emergency, { what: 'web' })).rejects.toThrow('waits for the approval')
    const [open] = (await told.product.run(changes)).output.changes
    await told.product.run(changes, { change: open?.id, abandon: true, reason: 'a false alarm' })
    expect(hook.told()).toMatchObject([
      { event: 'emergency-opened' },
      { event: 'resolved', rehearsal: false, details: ['a false alarm'] },
    ])
  })

  test('what was told and is open is not told again, even where it is forgotten that it was', async () => {
    const told = await toldHome(webhook())
    told.servers(drifted)
    await told.round()
    rmSync(join(told.product.state, 'told.json'))
    await told.round()
    expect(hook.posts).toHaveLength(1)
    expect(await log(told)).toMatchObject([
      { event: 'alarm', state: 'not-sent', why: expect.stringContaining('told there already') },
      { event: 'alarm', state: 'delivered' },
    ])
  })

  test('an on-call service sees a test come and go', async () => {
    const told = await toldHome(
      `${inner}notify: [{ name: oncall, pagerduty: 'env:KEY', at: '${services.url}/pagerduty' }]\n`,
      { KEY: routingKey },
    )
    await told.product.run(notifyTest)
    expect(services.taken.map(({ message }) => message.event_action)).toEqual(['trigger', 'resolve'])
    expect(services.taken[0]?.message).toMatchObject({ payload: { severity: 'info' } })
  })

  test('an on-call service sees that somebody took a matter on, and is alone in it', async () => {
    const told = await toldHome(
      `${inner}notify:
  - { name: hook, webhook: '${hook.url}' }
  - { name: oncall, pagerduty: 'env:KEY', at: '${services.url}/pagerduty' }
`,
      { KEY: routingKey },
    )
    openToAll(told)
    await told.round()
    const [called] = services.taken.map(({ message }) => message)
    told.product.answer = 'yes'
    const { output } = await told.product.run(fix, { what: ['config-writable-by-others'] }, 'ada')
    expect(output.change).toMatchObject({ outcome: 'done' })
    await told.round()
    const same = { dedup_key: called?.dedup_key }
    expect(services.taken.map(({ message }) => message)).toMatchObject([
      { event_action: 'trigger', ...same },
      { event_action: 'acknowledge', ...same },
      { event_action: 'resolve', ...same },
    ])
    expect(services.refused).toEqual([])
    expect(hook.told().map(({ event }) => event)).toEqual(['alarm', 'change-applied', 'resolved'])
  })

  test('who declares an emergency takes on what asked for it; what waits for somebody else is taken on by whoever approves', async () => {
    const told = await toldHome(
      `${inner}servers: [{ name: web, owner: bob }]
notify: [{ name: oncall, pagerduty: 'env:KEY', at: '${services.url}/pagerduty' }]
`,
      { KEY: routingKey },
    )
    openToAll(told)
    await told.round()
    const actions = () => services.taken.map(({ message }) => `${message.event_action} ${message.dedup_key}`)
    const { output } = await told.product.run(findings, {})
    const found = output.findings
      .map(({ finding: { statement } }) => statement)
      .find(({ rule, subject }) => rule === 'config-writable-by-others' && subject.name === 'fs')
    await told.product.run(emergency, { what: found?.fingerprint ?? '', rehearse: true })
    expect(actions().filter((one) => one.startsWith('acknowledge'))).toEqual([])
    await expect(told.product.run(emergency, { what: found?.fingerprint ?? '' })).rejects.toThrow(
      'waits for the approval',
    )
    const called = services.taken.find(({ message }) => JSON.stringify(message).includes('"source":"fs"'))?.message
    expect(actions().filter((one) => one.startsWith('acknowledge'))).toEqual([`acknowledge ${called?.dedup_key}`])
    told.product.answer = 'yes'
    const [open] = (await told.product.run(changes)).output.changes
    await told.product.run(approve, { change: open?.id ?? '' })
    expect(actions()).toContain(`acknowledge upkeep/change ${open?.id}`)
  })
})

test('without a channel there is nothing to test, and the log is empty', async () => {
  const told = await toldHome('')
  await expect(told.product.run(notifyTest)).rejects.toThrow('No channel is set up')
  expect((await told.product.run(notifyChannels)).text(plain)).toContain('Nobody is told')
  expect((await told.product.run(notifyLog)).text(plain)).toBe('Nothing was told, and nothing waits.\n')
})

test('what the mail program of the machine is handed has no header that a title brought', async () => {
  const told = await toldHome('')
  const program = join(told.product.home, 'sendmail')
  writeFileSync(program, `#!/bin/sh\ncat > '${told.product.home}/mail'\n`, { mode: 0o700 })
  told.product.write(
    'upkeep.yaml',
    `version: 1\nnotify: [{ name: mail, mail: ops@example.org, from: upkeep@example.org, sendmail: ${program} }]\n`,
  )
  const hostile = 'bob\r\nBcc: all@example.org\r\n\r\n<script>'
  const { output } = await told.product.run(notifyTest, {}, hostile)
  expect(output.deliveries).toMatchObject([{ state: 'delivered' }])
  const mail = await PostalMime.parse(readFileSync(join(told.product.home, 'mail'), 'utf8'))
  expect(mail.bcc).toBeUndefined()
  expect(mail.headers.map(({ key: name }) => name)).not.toContain('bcc')
  expect(mail.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }))
})

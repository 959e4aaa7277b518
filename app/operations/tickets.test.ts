import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordStep, storedChange } from '@upkeep/engine/change/record-step'
import { github } from '@upkeep/lab/servers/trackers/github'
import { serveTracker, type TrackerServer } from '@upkeep/lab/servers/trackers/tracker-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changes } from './changes.ts'
import { inbox } from './inbox.ts'
import { changeWithTicket, type Ticketed, ticketedHome } from './tickets.cases.ts'
import { tickets } from './tickets.ts'
import { ticketsSync } from './tickets-sync.ts'

const plain = { width: 160, colour: false, ascii: true, verbose: false }
const minute = 60

let home: Ticketed
let tracker: TrackerServer
beforeEach(async () => {
  tracker = await serveTracker(github)
  home = await ticketedHome(tracker.url)
})
afterEach(() => tracker.close())

const asked = async () => (await home.product.run(inbox)).output.items.filter(({ kind }) => kind === 'ticket')
const ticketAt = (index = 0) => tracker.tickets[index]

describe('outwards', () => {
  test('a change that is proposed gets one ticket, its steps are comments, and its end closes it', async () => {
    const change = await home.propose()
    expect(tracker.tickets).toHaveLength(1)
    expect(ticketAt()?.fields).toMatchObject({ title: 'declare the freeze "fair"', labels: ['upkeep'] })
    const body = String(ticketAt()?.fields.body)
    for (const part of [
      `change: ${change}`,
      'What it does',
      'asked for by: ada',
      'approves the change',
      `upkeep-change:${change}`,
    ])
      expect(body).toContain(part)
    expect(await home.tickets()).toMatchObject([{ change, key: 'example/mcp#1', state: 'not-seen', differs: [] }])
    await home.sync()
    await home.sync()
    expect(tracker.tickets).toHaveLength(1)
    expect(ticketAt()?.comments).toEqual([])
    await home.make(change)
    const [comment, ...others] = ticketAt()?.comments ?? []
    expect(others).toEqual([])
    expect(comment).toMatch(/approved by ada[\s\S]*begun by[\s\S]*all is written[\s\S]*closed, done/)
    expect(ticketAt()?.status).toBe('closed completed')
    expect(tracker.refused).toEqual([])
    await home.sync()
    expect(await home.tickets()).toMatchObject([{ state: 'closed', closedBy: 'upkeep-bot', comments: 1, differs: [] }])
    expect((await home.log()).map(({ event, state }) => `${event} ${state}`)).toEqual([
      'ticket-note delivered',
      'ticket-opened delivered',
    ])
  })

  test('one that is given up is closed as not planned', async () => {
    const change = await home.propose()
    await home.product.run(changes, { change, abandon: true, reason: 'not this year' })
    expect(ticketAt()?.status).toBe('closed not_planned')
    expect(ticketAt()?.comments[0]).toContain('not this year')
  })

  test.each([
    ['of its class', '{ class: [normal] }', 1],
    ['of another class', '{ class: [emergency] }', 0],
    ['of its risk', '{ risk: [low, medium, high] }', 1],
    ['of servers of somebody', '{ owners: [bob] }', 0],
  ])('only changes %s get one', async (_, when, count) => {
    const other = await ticketedHome(tracker.url, when)
    await other.propose()
    await other.sync()
    expect(tracker.tickets).toHaveLength(count)
  })

  test('what is only looked at asks no tracker', async () => {
    const change = await home.propose()
    tracker.arrived.splice(0)
    await home.product.run(changes, { change })
    await home.product.run(changes)
    await home.product.run(tickets)
    expect(tracker.arrived).toEqual([])
  })

  test('a hostile title mentions nobody, links nowhere, and stands in a block', async () => {
    await home.propose(
      '@everyone see https://evil.example/x <img src=x> ```\n/close [a](javascript:1) ![b](http://c) #1 fixes #2',
    )
    const { title, body } = ticketAt()?.fields ?? {}
    expect(String(title)).not.toMatch(/@|:\/\/|<\S|#\d|\n/)
    const outside = String(body).replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    expect(outside).not.toMatch(/everyone|evil|img|close|javascript|fixes/)
    expect(String(body)).not.toContain('://')
  })
})

describe('inwards', () => {
  test('a ticket that is closed closes no change and approves nothing: it is said, and goes when they agree again', async () => {
    const change = await home.propose()
    await home.sync()
    expect(await asked()).toEqual([])
    const ticket = ticketAt()
    if (ticket === undefined) throw new Error('there is a ticket')
    Object.assign(ticket, { status: 'closed completed', closedBy: 'mallory' })
    ticket.comments.push('Approved. Ship it. /approve')
    await home.sync()
    const [item] = await asked()
    expect(item?.question).toBe(
      'example/mcp#1: the ticket was closed by mallory; the change is open, and nothing was approved by that.',
    )
    const { output } = await home.product.run(inbox, { answer: 'yes', id: item?.id ?? '' })
    expect(output.done).toContain(`upkeep changes ${change}`)
    const shown = await changeWithTicket(home, change)
    expect(shown.output.changes[0]).toMatchObject({ phase: 'proposed', approvals: [] })
    expect(shown.ticket).toMatchObject({
      state: 'closed',
      closedBy: 'mallory',
      comments: 1,
      status: 'closed, completed',
    })
    expect(shown.text).toContain('example/mcp#1 was closed there by mallory')
    expect(shown.text).toMatch(/ticket +example\/mcp#1 in github/)
    Object.assign(ticket, { status: 'open', closedBy: null })
    await home.sync()
    expect(await asked()).toEqual([])
  })

  test('a ticket that is deleted is said, and no second one is opened', async () => {
    const change = await home.propose()
    const ticket = ticketAt()
    if (ticket !== undefined) ticket.deleted = true
    await home.sync()
    expect((await asked())[0]?.question).toContain('not there any more')
    await home.make(change)
    await home.sync()
    expect(tracker.tickets).toHaveLength(1)
    expect(await asked()).toEqual([])
    expect(await home.tickets()).toMatchObject([{ state: 'gone', differs: [] }])
  })

  test('who closed it, and its key, are shown as they may be: bounded, nothing hidden, the address on the host of upkeep.yaml', async () => {
    const change = await home.propose()
    Object.assign(ticketAt() ?? {}, { status: 'closed completed', closedBy: `eve\u202e\u001b[31m${'x'.repeat(5_000)}` })
    const { text } = await home.product.run(ticketsSync)
    expect(text(plain)).not.toMatch(/\u202e|\u001b/)
    const { ticket, text: shown } = await changeWithTicket(home, change)
    expect(ticket?.closedBy?.length).toBeLessThanOrEqual(200)
    expect(new URL(ticket?.url ?? '').host).toBe(new URL(tracker.url).host)
    expect(shown).not.toMatch(/\u202e|\u001b/)
  })

  test('a word of the state of a ticket is sealed once with the change, and takes no step from it', async () => {
    const change = await home.propose()
    await home.sync()
    await home.sync()
    const told = await home.product.within(async (context) =>
      (await (await context.store()).changes.steps(change)).filter((step) => step.is === 'notified'),
    )
    expect(told).toMatchObject([{ about: 'ticket', channel: 'it', detail: 'example/mcp#1 is open' }])
  })
})

test('a person whose word is given while the ticket is told of is heard; what else happened meanwhile refuses it', async () => {
  const change = await home.propose()
  await home.product.within(async (context) => {
    const world = await context.acts.changes()
    const read = await storedChange(world.store, change)
    if (read === null) throw new Error('there is a change')
    const told = {
      is: 'notified',
      channel: 'it',
      about: 'ticket',
      outcome: 'delivered',
      detail: 'of the test',
    } as const
    await recordStep(world, read, told)
    const withdrawn = { is: 'approval-withdrawn', person: 'ada', signer: context.signer } as const
    const after = await recordStep(world, read, withdrawn)
    expect(after.steps.slice(read.next).map(({ is, seq }) => [is, seq - read.next])).toEqual([
      ['notified', 0],
      ['approval-withdrawn', 1],
    ])
    await expect(recordStep(world, read, withdrawn)).rejects.toThrow()
  })
})

describe('a tracker that is down', () => {
  test('holds no change up: what it is to be told waits in the log, stands in the inbox, and arrives once, in its order', async () => {
    tracker.fault = () => ({ status: 503 })
    const change = await home.propose()
    await home.make(change)
    expect((await changeWithTicket(home, change)).output.changes[0]).toMatchObject({ outcome: 'done' })
    expect(await home.log()).toMatchObject([
      { event: 'ticket-note', state: 'due', attempts: 0 },
      { event: 'ticket-opened', state: 'due', attempts: 1, why: 'it answered 503' },
    ])
    const { output } = await home.product.run(inbox)
    const item = output.items.find(({ kind }) => kind === 'not-told')
    expect(item).toMatchObject({ subject: 'it' })
    expect((await home.product.run(inbox, { answer: 'yes', id: item?.id ?? '' })).output.done).toContain(
      'upkeep tickets sync',
    )
    tracker.fault = null
    home.product.clock.advance(2 * minute)
    await home.round()
    await home.round()
    expect(tracker.tickets).toHaveLength(1)
    expect(ticketAt()).toMatchObject({
      status: 'closed completed',
      comments: [expect.stringContaining('closed, done')],
    })
    expect((await home.log()).every(({ state }) => state === 'delivered')).toBe(true)
    expect((await home.product.run(inbox)).output.items.filter(({ kind }) => kind === 'not-told')).toEqual([])
  })

  test('a ticket whose making was not answered is not made twice, nor is a comment', async () => {
    tracker.fault = ({ method }, when) => (method === 'POST' && when === 'after' ? 'drop' : null)
    const change = await home.propose()
    expect(tracker.tickets).toHaveLength(1)
    expect(await home.log()).toMatchObject([{ state: 'due', attempts: 1 }])
    tracker.fault = null
    home.product.clock.advance(2 * minute)
    await home.round()
    expect(await home.log()).toMatchObject([{ state: 'delivered', why: 'it was there already: example/mcp#1' }])
    tracker.fault = ({ method }, when) => (method === 'POST' && when === 'after' ? 'drop' : null)
    await home.make(change)
    tracker.fault = null
    home.product.clock.advance(2 * minute)
    await home.round()
    expect([tracker.tickets.length, ticketAt()?.comments.length, ticketAt()?.status]).toEqual([
      1,
      1,
      'closed completed',
    ])
  })

  test('one that was refused for good is tried anew by the next round, once the token is right', async () => {
    tracker.fault = () => ({ status: 401 })
    await home.propose()
    expect(await home.log()).toMatchObject([{ state: 'failed', why: 'it answered 401' }])
    const { text, outcome } = await home.product.run(ticketsSync)
    expect(outcome).toBe('not-evaluated')
    expect(text(plain)).toMatch(
      /not opened[\s\S]*could not be opened: it answered 401[\s\S]*the change has no ticket yet/,
    )
    tracker.fault = null
    await home.sync()
    expect(tracker.tickets).toHaveLength(1)
    expect(await home.tickets()).toMatchObject([{ state: 'open', why: '', differs: [] }])
  })

  test('one that cannot be read is unknown: what was seen last stands with its time, and why', async () => {
    await home.propose()
    await home.sync()
    tracker.fault = () => ({ status: 200, body: '<html>' })
    const { output, outcome } = await home.product.run(ticketsSync)
    expect(outcome).toBe('not-evaluated')
    expect(output.tickets).toMatchObject([{ state: 'open', why: 'it answered 200 with something else than JSON' }])
  })
})

test('the token is nowhere in the state, and nowhere in what is said', async () => {
  tracker.fault = () => ({ status: 500, body: { message: 'github-token' } })
  const change = await home.propose()
  tracker.fault = null
  home.product.clock.advance(2 * minute)
  await home.round()
  const said = JSON.stringify([
    await home.log(),
    await home.tickets(),
    (await changeWithTicket(home, change)).text,
    home.product.told,
  ])
  expect(said).not.toContain('github-token')
  for (const name of readdirSync(home.product.state, { recursive: true, encoding: 'utf8' })) {
    const bytes = readOrEmpty(join(home.product.state, name))
    expect([name, bytes.includes('github-token')]).toEqual([name, false])
  }
})

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}

test('without a tracker nothing is asked for, and it is said how to set one up', async () => {
  home.product.write('upkeep.yaml', 'version: 1\n')
  await home.propose()
  await home.sync()
  expect(tracker.arrived).toEqual([])
  expect((await home.product.run(tickets)).text(plain)).toContain('No tracker is set up')
})

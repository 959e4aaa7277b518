import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Mailbox, openMailbox } from '@upkeep/lab/servers/mailbox'
import ICAL from 'ical.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changes } from './changes.ts'
import { fix } from './fix.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan, upkeep } from './scan.ts'

let mailbox: Mailbox
beforeEach(async () => {
  mailbox = await openMailbox()
})
afterEach(() => mailbox.close())

/** An approved change that waits for its window, on a Sunday a week from now. */
async function planned(invite: boolean): Promise<{ product: TestProduct; id: string }> {
  const product = testProduct()
  const config = join(product.home, '.cursor/mcp.json')
  product.write(
    'upkeep.yaml',
    `version: 1
windows: [{ name: Sunday night, rrule: FREQ=WEEKLY;BYDAY=SU, at: '02:00', zone: Europe/Berlin, duration: PT2H }]
outgoing: { inner: [127.0.0.1] }
notify: [{ name: team, mail: ops@example.org, from: upkeep@example.org, about: [alarm], severity: critical, invite: ${invite}, smtp: { host: 127.0.0.1, port: ${mailbox.port}, tls: none } }]
`,
  )
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { fs: { command: 'node', args: ['x.js'] } } }))
  for (const folder of [dirname(product.home), product.home, dirname(config)]) chmodSync(folder, 0o755)
  chmodSync(config, 0o666)
  await product.run(scan, { duties: ['vulnerability-scanning'] })
  product.answer = 'yes'
  const { output } = await product.run(fix, { what: ['config-writable-by-others'] })
  product.answer = null
  return { product, id: output.change?.id ?? '' }
}

/** What the newest mails ask of a calendar, as a calendar program reads it. */
function invitations() {
  return mailbox.mails.flatMap(({ raw, attachments }) => {
    const [part] = attachments.filter(({ mimeType }) => mimeType.includes('calendar') || mimeType === 'application/ics')
    const text = part === undefined ? '' : new TextDecoder().decode(part.content as ArrayBuffer)
    if (text === '') return []
    const calendar = new ICAL.Component(ICAL.parse(text))
    const event = calendar.getFirstSubcomponent('vevent')
    const value = (name: string) => String(event?.getFirstPropertyValue(name))
    return [
      {
        method: String(calendar.getFirstPropertyValue('method')),
        inPart: /content-type: text\/calendar;[\s\S]*?method=(\w+)/i.exec(raw)?.[1],
        uid: value('uid'),
        sequence: value('sequence'),
        status: value('status'),
        starts: value('dtstart'),
        organizer: value('organizer'),
        attendee: value('attendee'),
      },
    ]
  })
}

const round = (product: TestProduct) => product.run(upkeep, { unattended: true })

test('an approved change is in the calendars of those who are told, once; when it moves it moves there, and given up it is called off', async () => {
  const { product, id } = await planned(true)
  await round(product)
  await round(product)
  const [first, ...more] = invitations()
  expect(more).toEqual([])
  expect(first).toMatchObject({
    ...{ method: 'REQUEST', inPart: 'REQUEST', sequence: '0', status: 'CONFIRMED', starts: '2026-11-29T01:00:00Z' },
    ...{ organizer: 'mailto:upkeep@example.org', attendee: 'MAILTO:ops@example.org' },
  })
  // Its window passes while nobody is at work.
  product.clock.set('2026-11-29T03:00:00.000Z')
  await round(product)
  await round(product)
  expect(invitations()[1]).toMatchObject({
    ...{ method: 'REQUEST', uid: first?.uid, sequence: '1', starts: '2026-12-06T01:00:00Z' },
  })
  await product.run(changes, { change: id, abandon: true, reason: 'not wanted any more' })
  await round(product)
  await round(product)
  expect(invitations().slice(2)).toMatchObject([
    { method: 'CANCEL', inPart: 'CANCEL', uid: first?.uid, sequence: '2', status: 'CANCELLED' },
  ])
})

test('where nobody asked to be invited nobody is', async () => {
  const { product } = await planned(false)
  await round(product)
  expect(mailbox.mails).toEqual([])
})

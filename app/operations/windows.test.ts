import { chmodSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { changes } from './changes.ts'
import { fix } from './fix.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { windows } from './windows.ts'

const sunday = `windows:
  - { name: Sunday night, rrule: FREQ=WEEKLY;BYDAY=SU, at: '02:00', zone: Europe/Berlin, duration: PT2H }
`
const config = (product: TestProduct) => join(product.home, '.cursor/mcp.json')
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

/** A file that anybody may write: fixed by a change of its mode. The clock stands on a Sunday, 09:30 UTC. */
async function exposed(yaml: string): Promise<TestProduct> {
  const product = testProduct()
  product.write('upkeep.yaml', `version: 1\nprofile: solo\n${yaml}`)
  const entry = { command: 'node', args: ['x.js'] }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { fs: entry } }))
  for (const folder of [dirname(product.home), product.home, dirname(config(product))]) chmodSync(folder, 0o755)
  chmodSync(config(product), 0o666)
  await product.run(scan, { duties: ['vulnerability-scanning'] })
  product.answer = 'yes'
  return product
}

test('outside its window a change is held with the reason and the time, and made once the window is open', async () => {
  const product = await exposed(sunday)
  const first = await product.run(fix, { what: ['config-writable-by-others'] })
  const id = first.output.change?.id ?? ''
  expect(first.output.change).toMatchObject({
    phase: 'proposed',
    heldBy: expect.stringMatching(/^no window is open; the next time is 2026-11-29 01:00 UTC \("Sunday night"\)/),
    scheduled: { from: '2026-11-29T01:00:00.000Z', until: '2026-11-29T03:00:00.000Z', window: 'Sunday night' },
  })
  // Nor by asking again, nor in a place that only the engine guards.
  await product.run(fix, { change: id })
  expect(modeOf(config(product))).toBe('666')
  expect((await product.run(windows)).output.scheduled).toMatchObject([{ change: id, window: 'Sunday night' }])
  product.clock.advance((Date.parse('2026-11-29T01:00:00.000Z') - Date.parse(product.clock.now())) / 1_000)
  const second = await product.run(fix, { change: id })
  expect(second.output.change).toMatchObject({ outcome: 'done' })
  expect(modeOf(config(product))).toBe('644')
})

test('without windows a change is made when it is approved; a freeze holds it', async () => {
  const product = await exposed('')
  product.write(
    'upkeep.yaml',
    `version: 1\nfreezes: [{ from: '2026-11-20T00:00:00Z', until: '2026-12-01T00:00:00Z', why: fair }]\n`,
  )
  const held = await product.run(fix, { what: ['config-writable-by-others'] })
  expect(held.output.change?.heldBy).toMatch(/^nothing is changed until 2026-12-01 00:00 UTC \(fair\)/)
  product.write('upkeep.yaml', 'version: 1\n')
  // What was planned stays planned; the person may still want it only then.
  product.clock.advance(9 * 86_400)
  await expect(product.run(fix, { change: held.output.change?.id })).rejects.toThrow('ended')
  const again = await product.run(changes, { change: held.output.change?.id, abandon: true })
  expect(again.output.changes[0]?.outcome).toBe('abandoned')
  expect((await product.run(fix, { what: ['config-writable-by-others'] })).output.change?.outcome).toBe('done')
})

test('the feed has windows, what is scheduled and what was given up since', async () => {
  const product = await exposed(sunday)
  const { output } = await product.run(fix, { what: ['config-writable-by-others'] })
  const feed = async () => {
    const { file } = (await product.run(windows, { ics: 'maintenance.ics' })).output
    const events = new ICAL.Component(ICAL.parse(readFileSync(file ?? '', 'utf8'))).getAllSubcomponents('vevent')
    const change = events.filter((one) => String(one.getFirstPropertyValue('summary')).startsWith('Change: '))
    expect(events.length - change.length).toBeGreaterThanOrEqual(12)
    return change.map((one) =>
      ['uid', 'sequence', 'status', 'dtstart'].map((name) => String(one.getFirstPropertyValue(name))),
    )
  }
  const [before] = await feed()
  expect(before?.slice(1)).toEqual(['0', 'CONFIRMED', '2026-11-29T01:00:00Z'])
  await product.run(changes, { change: output.change?.id, abandon: true })
  expect(await feed()).toEqual([[before?.[0], '1', 'CANCELLED', '2026-11-29T01:00:00Z']])
})

test('a window that opens on no day is said to', async () => {
  const product = testProduct()
  product.write(
    'upkeep.yaml',
    `version: 1\nwindows: [{ name: never, rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', at: '02:00', zone: UTC, duration: PT1H }]\n`,
  )
  const answer = await product.run(windows)
  const plain = { width: 100, colour: false, ascii: true, verbose: false }
  expect(answer.text(plain)).toContain('It opens on no day of the next year')
})

test('what a clock skips is shown', async () => {
  const product = testProduct()
  product.write('upkeep.yaml', `version: 1\n${sunday}`)
  const { output } = await product.run(windows)
  expect(output.windows[0]?.skipped).toEqual([{ window: 'Sunday night', wall: '2027-03-28 02:00' }])
  expect(output.windows[0]?.next[0]).toMatchObject({ wall: '2026-11-29 02:00', from: '2026-11-29T01:00:00.000Z' })
})

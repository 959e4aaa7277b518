import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Hook, openHook } from '@upkeep/lab/servers/webhook'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { approve } from './approve.ts'
import { changes } from './changes.ts'
import { fix } from './fix.ts'
import { importLock } from './import-lock.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan, upkeep } from './scan.ts'
import { keepUnattended } from './unattended.ts'
import { undo } from './undo.ts'
import { windows } from './windows.ts'

const plain = { width: 120, colour: false, ascii: true, verbose: false }
const sunday =
  "windows: [{ name: Sunday night, rrule: FREQ=WEEKLY;BYDAY=SU, at: '02:00', zone: Europe/Berlin, duration: PT2H }]\n"
const opens = '2026-11-29T01:00:00.000Z'
const shuts = '2026-11-29T03:00:00.000Z'

let hook: Hook
beforeEach(async () => {
  hook = await openHook()
})
afterEach(() => hook.close())

const config = (product: TestProduct) => join(product.home, '.cursor/mcp.json')
const modeOf = (product: TestProduct) => (statSync(config(product)).mode & 0o777).toString(8)
const until = (product: TestProduct, moment: string) =>
  product.clock.advance((Date.parse(moment) - Date.parse(product.clock.now())) / 1_000)
const round = (product: TestProduct) => product.run(upkeep, { unattended: true })

/** An approved change of a file that anybody may write, which waits for its window. The clock stands on a Sunday, 09:30 UTC. */
async function scheduled(yaml = sunday): Promise<{ product: TestProduct; id: string }> {
  const product = testProduct()
  const notify = `outgoing: { inner: [127.0.0.1] }\nnotify: [{ name: pager, webhook: '${hook.url}', about: [change-applied, change-rolled-back, change-not-made] }]\n`
  product.write('upkeep.yaml', `version: 1\n${yaml}${notify}servers: [{ name: fs, owner: bob }]\n`)
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { fs: { command: 'node', args: ['x.js'] } } }))
  for (const folder of [dirname(product.home), product.home, dirname(config(product))]) chmodSync(folder, 0o755)
  chmodSync(config(product), 0o666)
  await product.run(scan, { duties: ['vulnerability-scanning'] })
  product.answer = 'yes'
  const { output } = await product.run(fix, { what: ['config-writable-by-others'] })
  product.answer = null
  return { product, id: output.change?.id ?? '' }
}

const stateOf = async (product: TestProduct, id: string) =>
  (await product.run(changes, { change: id })).output.changes[0]

test('an approved change is made in its window with nobody at hand, once, and is told of; never before', async () => {
  const { product, id } = await scheduled()
  until(product, '2026-11-29T00:59:00.000Z')
  await round(product)
  expect(modeOf(product)).toBe('666')
  expect(hook.told()).toEqual([])
  until(product, opens)
  await round(product)
  expect(modeOf(product)).toBe('644')
  expect(await stateOf(product, id)).toMatchObject({ phase: 'closed', outcome: 'done' })
  expect(product.told.join('\n')).toContain('made in its time')
  expect(hook.told()).toMatchObject([{ event: 'change-applied', change: id, owners: [] }])
  const { text } = await product.run(changes, { change: id })
  expect(text(plain)).toContain('pager was told (applied)')
  await round(product)
  expect(hook.told()).toHaveLength(1)
})

test('a change that waits for a window that is altered is planned again, at once and earlier too; one whose window stands keeps its time', async () => {
  const { product, id } = await scheduled()
  const timeOf = async () => (await stateOf(product, id))?.scheduled
  expect(await timeOf()).toMatchObject({ from: opens, until: shuts })
  const alter = async (before: string, after: string) => {
    product.write('upkeep.yaml', readFileSync(join(product.home, 'upkeep.yaml'), 'utf8').replace(before, after))
    await round(product)
    return timeOf()
  }
  // What leaves its time as it is leaves it alone: another name, a longer window, one more that opens before.
  expect(await alter('PT2H', 'PT4H')).toMatchObject({ from: opens, until: shuts })
  expect(await alter('Sunday night', 'Sundays')).toMatchObject({ from: opens, until: shuts })
  expect(product.told.join('\n')).not.toContain('altered')
  expect(await alter('BYDAY=SU', 'BYDAY=TU')).toMatchObject({ from: '2026-11-24T01:00:00.000Z', window: 'Sundays' })
  expect(product.told.join('\n')).toContain('the calendar was altered; now 2026-11-24 01:00 UTC')
  expect(await alter('PT4H', 'PT1H')).toMatchObject({ until: '2026-11-24T02:00:00.000Z' })
  const freeze = "freezes: [{ from: '2026-11-23T00:00:00Z', until: '2026-11-25T00:00:00Z', why: audit }]"
  expect(await alter('windows:', `${freeze}\nwindows:`)).toMatchObject({ from: '2026-12-01T01:00:00.000Z' })
  // Nothing opens within a year: it keeps what it had, the gate holds it, and no round says so again.
  const before = product.told.length
  const closed = "freezes: [{ from: '2026-11-23T00:00:00Z', until: '2028-01-01T00:00:00Z', why: closed }]"
  expect(await alter(freeze, closed)).toMatchObject({ from: '2026-12-01T01:00:00.000Z' })
  expect(product.told.slice(before).join('\n')).not.toContain('altered')
  until(product, '2026-11-24T01:30:00.000Z')
  await round(product)
  expect(modeOf(product)).toBe('666')
})

test('by hand, "upkeep" alone makes nothing', async () => {
  const { product } = await scheduled()
  until(product, opens)
  await product.run(upkeep)
  expect(modeOf(product)).toBe('666')
})

test('when its window passed without anybody at work, it gets the next one and is not made after it', async () => {
  const { product, id } = await scheduled()
  until(product, shuts)
  // Its approval holds seven days: it has to be asked for again, but it keeps its place.
  await round(product)
  expect(modeOf(product)).toBe('666')
  expect((await product.run(windows)).output.scheduled).toMatchObject([
    { change: id, from: '2026-12-06T01:00:00.000Z' },
  ])
  expect(product.told.join('\n')).toContain('its time passed; now 2026-12-06 01:00 UTC')
})

test('what the gate holds is not made in its window, which is told once', async () => {
  const { product } = await scheduled()
  // A freeze that came after the approval.
  const yaml = readFileSync(join(product.home, 'upkeep.yaml'), 'utf8')
  product.write(
    'upkeep.yaml',
    `${yaml}freezes: [{ from: '2026-11-28T00:00:00Z', until: '2026-11-30T00:00:00Z', why: fair }]\n`,
  )
  until(product, opens)
  await round(product)
  await round(product)
  expect(modeOf(product)).toBe('666')
  expect(hook.told()).toMatchObject([{ event: 'change-not-made', details: [expect.stringContaining('fair')] }])
})

test('a change that nobody approved is never begun', async () => {
  const { product, id } = await scheduled()
  await product.run(approve, { change: id, withdraw: true })
  until(product, opens)
  await round(product)
  expect(modeOf(product)).toBe('666')
})

test('two workers in the same minute make it once', async () => {
  const { product, id } = await scheduled()
  until(product, opens)
  await Promise.all([product.within(keepUnattended), product.within(keepUnattended)])
  expect(modeOf(product)).toBe('644')
  await product.within(async (context) => {
    const steps = await (await context.store()).changes.steps(id)
    expect(steps.filter(({ is }) => is === 'applying')).toHaveLength(1)
    expect(steps.filter(({ is }) => is === 'closed')).toHaveLength(1)
  })
})

test('stopped before it begins it begins nothing', async () => {
  const { product } = await scheduled()
  until(product, opens)
  await product.within((context) => keepUnattended({ ...context, signal: AbortSignal.abort() }))
  expect(modeOf(product)).toBe('666')
})

test('taking a change back is told too', async () => {
  const { product, id } = await scheduled('')
  expect(modeOf(product)).toBe('644')
  await product.run(undo, { change: id })
  expect(hook.told().map(({ event }) => event)).toEqual(['change-applied', 'change-rolled-back'])
})

test('an unauthorised server is taken out by the round, its traces are kept, and its owner is told where they asked to be', async () => {
  const ada = presentPerson()
  const product = testProduct({}, ada)
  const file = '.config/Code/User/mcp.json'
  const right = '{ "servers": { "fs": { "command": "node", "args": ["/srv/fs.js"] } } }\n'
  const wrong =
    '{ "servers": { "fs": { "command": "node", "args": ["/srv/fs.js"] }, "shadow": { "command": "sh", "args": ["-c", "id"] } } }\n'
  const channel = (name: string, owner: string) =>
    `  - { name: ${name}, webhook: '${hook.url}/${name}', owners: [${owner}] }\n`
  product.write(
    'upkeep.yaml',
    `version: 1\nmodes: [{ mode: enforce }]\nservers: [{ name: shadow, owner: bob }]\noutgoing: { inner: [127.0.0.1] }\nnotify:\n${channel('of-bob', 'bob')}${channel('of-cy', 'cy')}`,
  )
  product.write(file, right)
  await product.run(importLock)
  await product.run(approve, { change: 'desired-state', key: 'k' })
  product.write(file, wrong)
  await round(product)
  expect(readFileSync(join(product.home, file), 'utf8')).not.toContain('shadow')
  const reverted = hook.told().filter(({ event }) => event === 'enforcement-reverted')
  expect(reverted).toMatchObject([
    { servers: ['shadow'], owners: ['bob'], title: 'as upkeep.lock says: shadow of vscode' },
  ])
  await product.within(async (context) => {
    const store = await context.store()
    const steps = await store.changes.steps(reverted[0]?.change ?? '')
    expect(steps.filter(({ is }) => is === 'notified')).toMatchObject([{ channel: 'of-bob', about: 'reverted' }])
    const proposed = steps.find((step) => step.is === 'proposed')
    const evidence = /object ([0-9a-f]{64})/.exec(proposed?.is === 'proposed' ? (proposed.reason ?? '') : '')?.[1]
    expect(await store.objects.get(evidence ?? '')).toContain('"sh"')
  })
  expect(existsSync(join(product.state, 'undo'))).toBe(true)
})

import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openProduct } from '../open-product.ts'
import { fix } from '../operations/fix.ts'
import { presentPerson } from '../operations/person.cases.ts'
import { runOperation } from '../operations/run-operation.ts'
import { type Served, served } from './served.cases.ts'

const Held = z.looseObject({
  change: z.looseObject({ id: z.string(), phase: z.string(), heldBy: z.string().nullable() }),
})
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

test('outside its window a change is refused over HTTP and at the terminal alike', async () => {
  const inThreeDays = weekdays[(new Date().getUTCDay() + 3) % 7]
  const door = await served((home) => {
    mkdirSync(join(home, '.cursor'), { recursive: true })
    const windows = `windows: [{ name: later, rrule: FREQ=WEEKLY;BYDAY=${inThreeDays}, at: '12:00', zone: Etc/UTC, duration: PT1H }]`
    writeFileSync(join(home, 'upkeep.yaml'), `version: 1\n${windows}\n`)
    writeFileSync(
      join(home, '.cursor', 'mcp.json'),
      '{ "mcpServers": { "fs": { "command": "node", "args": ["x.js"] } } }',
    )
    for (const folder of [join(home, '..'), home, join(home, '.cursor')]) chmodSync(folder, 0o755)
    chmodSync(join(home, '.cursor', 'mcp.json'), 0o666)
  })
  const mode = () => (statSync(join(door.home, '.cursor', 'mcp.json')).mode & 0o777).toString(8)
  try {
    await door.order('/api/v1/scan', { duties: ['vulnerability-scanning'] })
    // The approval is a person's, who is at a terminal.
    const approved = Held.parse(await withPerson(door, fix, { what: ['config-writable-by-others'] }))
    const { change } = approved
    expect(change).toMatchObject({ phase: 'proposed', heldBy: expect.stringMatching(/^no window is open/) })
    const again = Held.parse(await (await door.order('/api/v1/fix', { change: change.id })).json())
    expect(again.change.heldBy).toMatch(/^no window is open/)
    const typed = Held.parse(await withPerson(door, fix, { change: change.id }))
    expect(typed.change.heldBy).toBe(again.change.heldBy)
    expect(mode()).toBe('666')
  } finally {
    await door.stop()
  }
}, 60_000)

async function withPerson(
  { machine }: Served,
  operation: typeof fix,
  input: z.input<typeof fix.input>,
): Promise<unknown> {
  const says = { progress: () => {}, tell: () => {}, person: presentPerson }
  const { context, close } = await openProduct({ machine, signal: new AbortController().signal, ...says }, 'own')
  try {
    return (await runOperation(operation, context, input)).output
  } finally {
    await close()
  }
}

import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { deciding } from './agents.cases.ts'
import { changes } from './changes.ts'
import type { AnyOperation } from './operation.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { runOperation } from './run-operation.ts'
import { operations } from './table.ts'

/** What asks for something, and has to go through an approval that an agent cannot give: it stops there. */
const asking: Record<string, Record<string, unknown>> = {
  fix: { what: ['fs'], disable: true, key: 'k' },
  emergency: { what: 'crm', key: 'k' },
  confine: { server: 'fs', key: 'k' },
  ...calendarAsks('window', { name: 'always', rrule: 'FREQ=DAILY', at: '01:00', zone: 'Etc/UTC', duration: 'PT1H' }),
  ...calendarAsks('freeze', { why: 'fair', from: '2036-02-01T00:00:00Z', until: '2036-02-02T00:00:00Z' }),
  rollout: { what: ['vulnerability-scanning'], homes: ['homes'], key: 'k' },
}

/** What sets and takes out an entry of the calendar. */
function calendarAsks(kind: string, entry: Record<string, string>): Record<string, Record<string, unknown>> {
  return {
    [`${kind}.set`]: { ...entry, key: 'k' },
    [`${kind}.remove`]: { [kind === 'window' ? 'name' : 'why']: entry.name ?? entry.why, key: 'k' },
  }
}

/** What writes, and decides nothing that a person is asked for. */
const others = new Set([
  ...['upkeep', 'scan', 'prove', 'surface', 'conformance', 'daemon', 'serve', 'mcp', 'enforce', 'windows', 'keep'],
  'contract.publish',
  ...['golden-record', 'import', 'import.results', 'results.remove', 'feeds.import', 'checkpoint.export'],
  ...['init', 'profile', 'login', 'logout', 'schedule.on', 'schedule.off', 'notify.test', 'tickets.sync'],
])

let product: TestProduct
beforeAll(async () => {
  product = testProduct()
  product.write(
    'upkeep.yaml',
    'version: 1\npeople: [{ id: ada, name: Ada, roles: [admin] }, { id: bob, name: Bob, roles: [approver] }, { id: robot, name: Robot, roles: [admin, approver, reviewer], agent: true }]\nwindows: [{ name: always, rrule: FREQ=DAILY, at: "00:00", zone: Etc/UTC, duration: PT23H59M }]\nfreezes: [{ why: fair, from: 2036-01-01T00:00:00Z, until: 2036-01-02T00:00:00Z }]\n',
  )
  product.declare({ fs: 'read' })
  product.write('.codex/config.toml', '[mcp_servers.crm]\ncommand = "npx"\nargs = ["crm@1.0.0"]\n')
  product.write('homes/eve/.cursor/mcp.json', '{ "mcpServers": { "fs": { "command": "node", "args": ["x.js"] } } }')
  for (const name of ['..', '.', 'homes', 'homes/eve', 'homes/eve/.cursor']) chmodSync(join(product.home, name), 0o755)
  chmodSync(join(product.home, 'homes/eve/.cursor/mcp.json'), 0o666)
  await asRobot(byId('scan'), { duties: ['vulnerability-scanning'] })
  await asRobot(byId('scan'), { duties: ['vulnerability-scanning'], homes: [join(product.home, 'homes')] })
})

function byId(id: string): AnyOperation {
  const found = operations.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no operation ${id}`)
  return found
}

/** With everything that an agent could have: roles, a terminal that answers, and a key. */
function asRobot(operation: AnyOperation, input: Record<string, unknown>) {
  return product.within(
    (context) =>
      runOperation(
        operation,
        { ...context, signer: { person: 'robot', presence: 'not-proven', signature: null } },
        input,
      ),
    presentPerson(),
  )
}

test('every operation that writes is known to decide, to ask or to do neither', () => {
  const writing = operations.filter(({ effect }) => effect === 'write').map(({ id }) => id)
  const known = [...Object.keys(deciding), ...Object.keys(asking), ...others]
  expect(known.toSorted()).toEqual(writing.toSorted())
})

const decisions = Object.entries(deciding).flatMap(([id, inputs]) => inputs.map((input) => [id, input] as const))

test.each(decisions)('an agent is refused at the operation: %s %j', async (id, input) => {
  await expect(asRobot(byId(id), input)).rejects.toMatchObject({
    code: 'not-allowed',
    message: expect.stringContaining('agents decide nothing'),
  })
})

test.each(Object.keys(asking))('an agent may ask by %s, and cannot give the approval that it takes', async (id) => {
  await expect(asRobot(byId(id), asking[id] ?? {})).rejects.toMatchObject({
    code: 'not-allowed',
    message: expect.stringContaining('agents decide nothing'),
  })
  await product.within(async (context) => {
    const store = await context.store()
    const steps = await Promise.all((await store.changes.list()).map((change) => store.changes.steps(change)))
    expect(steps.flat().map(({ is }) => is)).toContain('proposed')
    expect(steps.flat().filter(({ is }) => is === 'approved' || is === 'applying')).toEqual([])
  })
  // Two open changes never touch the same file: each leaves the place to the next.
  for (const change of await openChanges())
    await product.run(changes, { change, abandon: true, reason: 'of this test' }, 'ada')
})

function openChanges(): Promise<string[]> {
  return product.within(async (context) => (await context.store()).changes.open())
}

test('an agent may read what is delegated and what waits', async () => {
  expect((await asRobot(byId('approve'), { change: 'delegate' })).output).toMatchObject({ delegations: [] })
  expect((await asRobot(byId('inbox'), {})).output).toHaveProperty('items')
})

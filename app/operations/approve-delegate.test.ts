import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, expect, test } from 'vitest'
import { approve } from './approve.ts'
import { changes } from './changes.ts'
import { fix } from './fix.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

const plain = { width: 120, colour: false, ascii: true, verbose: false }
const people = `people:
  - { id: ada, name: Ada, roles: [operator] }
  - { id: bob, name: Bob, roles: [approver] }
  - { id: cy, name: Cy, roles: [operator, approver] }
  - { id: dan, name: Dan, roles: [operator] }
  - { id: robot, name: Robot, roles: [operator], agent: true }
`
const config = '.cursor/mcp.json'
const at = { bob: presentPerson(), dan: presentPerson(), cy: presentPerson(), ada: presentPerson() }

let product: TestProduct
beforeEach(async () => {
  product = testProduct()
  product.write('upkeep.yaml', `version: 1\n${people}`)
  product.write(config, '{ "mcpServers": { "fs": { "command": "npx", "args": ["server@1.0.0"] } } }\n')
  await product.run(scan, { duties: ['vulnerability-scanning'] }, 'ada')
})

/** A change that somebody asked for, and that waits. */
async function asked(by: string): Promise<string> {
  const work = product.run(fix, { what: ['fs'], to: '2.0.0', reason: 'the newer version is wanted here' }, by)
  await expect(work).rejects.toThrow('waits for the approval of a person')
  const [open] = (await product.run(changes, {}, by)).output.changes
  return open?.id ?? ''
}

const delegate = (over: object = {}) =>
  product.run(approve, { change: 'delegate', to: 'dan', until: '10d', key: 'k', ...over }, 'bob', at.bob)
const danApproves = (change: string) => product.run(approve, { change, key: 'k' }, 'dan', at.dan)

test('a delegate approves until the day, it is said by whose right, and on the day after it is refused', async () => {
  const change = await asked('ada')
  await expect(danApproves(change)).rejects.toMatchObject({ code: 'not-allowed' })
  const given = await delegate()
  expect(given.output.delegations).toMatchObject([{ from: 'bob', to: 'dan', until: '2026-12-02T23:59:59.999Z' }])
  const { output } = await danApproves(change)
  expect(output.change).toMatchObject({
    heldBy: null,
    // Policies give seven days; what stands on the right of another ends with it at the latest.
    approvals: [{ signer: { person: 'dan' }, onBehalfOf: 'bob', until: expect.stringMatching(/^2026-11-29/) }],
  })
  const shown = await product.run(changes, { change }, 'ada')
  expect(shown.text(plain)).toContain('approved by dan by the right of bob')
  const { text } = await product.run(changes, { change, document: true }, 'ada')
  expect(text(plain)).toContain('bob, who delegated it')
  product.clock.advance(11 * 86_400)
  await expect(danApproves(change)).rejects.toThrow('what bob delegated ended at 2026-12-02T23:59:59.999Z')
  await expect(product.run(fix, { change }, 'ada')).rejects.toThrow('not made')
  expect(readFileSync(join(product.home, config), 'utf8')).toContain('server@1.0.0')
})

test('an approval of a delegate ends with the delegation, and lets the change be made before', async () => {
  const change = await asked('ada')
  await delegate({ until: '2d' })
  const { output } = await danApproves(change)
  expect(output.change?.approvals).toMatchObject([{ until: '2026-11-24T23:59:59.999Z' }])
  expect((await product.run(fix, { change }, 'ada')).output.change?.outcome).toBe('done')
})

test('taken back, what was approved by it holds nothing any more', async () => {
  const change = await asked('ada')
  await delegate()
  await danApproves(change)
  expect(
    (await product.run(approve, { change: 'delegate', to: 'dan', withdraw: true }, 'bob')).output.delegations,
  ).toEqual([])
  await expect(product.run(fix, { change }, 'ada')).rejects.toThrow('no delegation of bob to dan is in force')
})

test('neither what the delegate nor what the owner of the right asked for', async () => {
  await delegate()
  const own = await asked('dan')
  await expect(danApproves(own)).rejects.toThrow('"dan" asked for change')
  await product.run(changes, { change: own, abandon: true }, 'dan')
  await product.run(approve, { change: 'delegate', to: 'dan', withdraw: true }, 'bob')
  await product.run(approve, { change: 'delegate', to: 'dan', until: '5d', key: 'k' }, 'cy', at.cy)
  const theirs = await asked('cy')
  await expect(danApproves(theirs)).rejects.toThrow('it would be by the right of cy, who asked for it')
})

test.each<[string, object, RegExp]>([
  ['too long', { until: '91d' }, /for 90 days at most/],
  ['without an end', { until: undefined }, /takes a last day/],
  ['over', { until: '2026-11-01' }, /is over/],
  ['to nobody that is known', { to: 'zoe' }, /Nobody called "zoe"/],
  ['to an agent', { to: 'robot' }, /is an agent/],
  ['to oneself', { to: 'bob' }, /you yourself/],
])('none that is %s', async (_, over, message) => {
  await expect(delegate(over)).rejects.toThrow(message)
})

test('nobody delegates who holds no right, or hands on what was delegated to them, or was not there', async () => {
  await delegate()
  const handOn = product.run(approve, { change: 'delegate', to: 'ada', until: '5d', key: 'k' }, 'dan', at.dan)
  await expect(handOn).rejects.toMatchObject({ code: 'not-allowed' })
  await expect(product.run(approve, { change: 'policies', key: 'k' }, 'dan', at.dan)).rejects.toMatchObject({
    code: 'not-allowed',
  })
  const unseen = product.run(approve, { change: 'delegate', to: 'dan', until: '5d' }, 'cy')
  await expect(unseen).rejects.toMatchObject({ code: 'needs-a-person' })
})

test('a delegation that was written over in the database moves nothing', async () => {
  await delegate()
  const change = await asked('cy')
  const database = new DatabaseSync(join(product.state, 'state.db'))
  const columns = database
    .prepare('pragma table_info(attestations)')
    .all()
    .map(({ name }) => String(name))
  for (const name of columns)
    database
      .prepare(`update attestations set ${name} = replace(${name}, '"dan"', '"ada"') where typeof(${name}) = 'text'`)
      .run()
  database.close()
  await expect(product.run(approve, { change, key: 'k' }, 'ada', at.ada)).rejects.toMatchObject({
    code: 'not-approved',
  })
})

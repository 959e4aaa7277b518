import { join } from 'node:path'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { expect, test } from 'vitest'
import { accept } from './accept.ts'
import { approve } from './approve.ts'
import { baselineAccept } from './baseline-accept.ts'
import { changes } from './changes.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

const people = [
  '{id: ada, name: Ada, roles: [operator, approver]}',
  '{id: bob, name: Bob, roles: [approver]}',
  '{id: robot, name: Robot, roles: [operator, approver, admin], agent: true}',
]

async function proposed(): Promise<{ product: TestProduct; id: string }> {
  const product = testProduct()
  product.write('upkeep.yaml', `version: 1\npeople:\n${people.map((one) => `  - ${one}\n`).join('')}`)
  product.declare({ one: '/srv/read' })
  await product.run(scan)
  product.answer = 'yes'
  const id = await product.within(async (context) => {
    const world = {
      ...(await context.acts.changes()),
      assess: async () => ({ risk: 'low' as const, why: [], sheet: null }),
      test: async () => [],
    }
    const path = join(product.home, '.cursor/mcp.json')
    const one = { kind: 'replace' as const, index: 1, from: '/srv/read', to: '/srv/write' }
    const inputs = [{ kind: 'set-server-args' as const, path, server: 'one', project: null, changes: [one] }]
    const plan = await planChange(world, { inputs, title: 'let it write', class: 'normal', closes: [] })
    if (plan === null) throw new Error('nothing to change')
    return (await proposeChange(world, plan, { requester: context.signer, reason: null })).id
  })
  return { product, id }
}

const heldBy = async (product: TestProduct, id: string) =>
  (await product.run(changes, { change: id })).output.changes[0]?.heldBy

test('a refusal holds a change until whoever gave it takes it back, and nobody else can', async () => {
  const { product, id } = await proposed()
  await product.run(approve, { change: id }, 'bob')
  expect(await heldBy(product, id)).toBeNull()
  await expect(product.run(approve, { change: id, refuse: true }, 'bob')).rejects.toThrow('takes a reason')
  await product.run(approve, { change: id, refuse: true, reason: 'not before the audit' }, 'bob')
  expect(await heldBy(product, id)).toBe('bob refused it')
  await expect(product.run(approve, { change: id, withdraw: true }, 'ada')).rejects.toThrow('Nothing that "ada" said')
  await product.run(approve, { change: id, withdraw: true }, 'bob')
  expect(await heldBy(product, id)).toMatch(/nobody approved it/)
})

test('an agent decides nothing, whatever its roles: no approval, refusal, acceptance, consent or baseline', async () => {
  const { product, id } = await proposed()
  const refused = 'agents decide nothing'
  await expect(product.run(approve, { change: id }, 'robot')).rejects.toThrow(refused)
  await expect(product.run(approve, { change: id, refuse: true, reason: 'no' }, 'robot')).rejects.toThrow(refused)
  await expect(product.run(baselineAccept, {}, 'robot')).rejects.toThrow(refused)
  await expect(product.run(accept, { finding: 'one', run: true }, 'robot')).rejects.toThrow(refused)
  expect((await product.run(changes, { change: id })).output.changes[0]?.approvals).toEqual([])
})

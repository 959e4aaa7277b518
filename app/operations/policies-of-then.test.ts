import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { approve } from './approve.ts'
import { changes } from './changes.ts'
import { findings } from './findings.ts'
import { fix } from './fix.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

const people = 'people: [{ id: ada, name: Ada, roles: [operator] }, { id: bob, name: Bob, roles: [approver] }]\n'
const strict = `${people}policies: [{ name: always two, approvals: 2 }]\n`

async function withChange(yaml: string): Promise<{ product: TestProduct; id: string }> {
  const product = testProduct()
  product.write('upkeep.yaml', `version: 1\n${yaml}`)
  product.write('.cursor/mcp.json', '{ "mcpServers": { "fs": { "command": "npx", "args": ["server@1.0.0"] } } }\n')
  chmodSync(dirname(product.home), 0o700)
  await product.run(scan, { duties: ['vulnerability-scanning'] }, 'ada')
  const asked = product.run(fix, { what: ['fs'], to: '2.0.0', reason: 'the newer version is wanted here' }, 'ada')
  await expect(asked).rejects.toThrow('waits for the approval')
  const [open] = (await product.run(changes, {}, 'ada')).output.changes
  return { product, id: open?.id ?? '' }
}

async function foundBy(product: TestProduct): Promise<string[]> {
  await product.run(scan, { duties: ['approval-workflows'] }, 'ada')
  const { output } = await product.run(findings, {}, 'ada')
  return output.findings.map(({ finding }) => finding.statement.rule).filter((rule) => rule.startsWith('made-'))
}

test('a change is judged by the policies that it was let through by, not by those of today', async () => {
  const { product, id } = await withChange(people)
  await product.run(approve, { change: id, key: 'k' }, 'bob', presentPerson())
  expect((await product.run(fix, { change: id }, 'ada')).output.change?.outcome).toBe('done')
  expect(await foundBy(product)).toEqual([])
  product.write('upkeep.yaml', `version: 1\n${strict}`)
  expect(await foundBy(product)).toEqual([])
  await product.within(async (context) => {
    const steps = await (await context.store()).changes.steps(id)
    expect(steps.find(({ is }) => is === 'go-no-go')).toMatchObject({
      asked: [
        { policy: 'low risk, can be undone', approvals: 1, roles: ['approver'], presence: false, separation: true },
      ],
    })
  })
})

test('every policy that is in force is recorded, and the words about how it is approved are those of all of them', async () => {
  const { product, id } = await withChange(`${people}policies: [{ name: no proof, presence: false, validDays: 30 }]\n`)
  const shown: string[] = []
  const person = { ...presentPerson(), show: (text: string) => void shown.push(text) }
  const { output } = await product.run(approve, { change: id, key: 'k' }, 'bob', person)
  // Nobody signed the policies of the file: the seven days of ours hold beside the thirty of theirs.
  expect(output.change?.approvals[0]?.until).toMatch(/^2026-11-29/)
  await product.run(fix, { change: id }, 'ada')
  await product.within(async (context) => {
    const steps = await (await context.store()).changes.steps(id)
    expect(steps.find(({ is }) => is === 'go-no-go')).toMatchObject({
      asked: [{ policy: 'no proof' }, { policy: 'low risk, can be undone' }],
    })
  })
  expect(await foundBy(product)).toEqual([])
})

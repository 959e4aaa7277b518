import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { recordStep } from '@upkeep/engine/change/record-step'
import { expect, test } from 'vitest'
import { asTheOnlyMaker } from './change-flow.ts'
import { findings } from './findings.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { runs } from './runs.ts'
import { scan } from './scan.ts'

const adopted = ['rollback-planning', 'security-impact-assessment', 'security-patch-management']

function newProduct(): TestProduct {
  const product = testProduct()
  mkdirSync(join(product.home, '.config'), { recursive: true })
  product.write(
    'upkeep.yaml',
    JSON.stringify({ version: 1, duties: Object.fromEntries(adopted.map((id) => [id, { adopted: true }])) }),
  )
  product.declare({ one: '/srv/read', two: '/srv/read' })
  return product
}

/** A change through the gate as it is composed: assessed, tested, approved by a person of the terminal, made. */
function changed(product: TestProduct): Promise<string> {
  return product.within(async (context) => {
    const world = await context.acts.changes()
    const path = join(product.home, '.cursor/mcp.json')
    const inputs = [{ kind: 'disable-server' as const, path, server: 'one', project: null }]
    const plan = await planChange(world, { inputs, title: 'switch one off', class: 'normal', closes: [] })
    if (plan === null) throw new Error('nothing to change')
    const state = await proposeChange(world, plan, {
      requester: context.signer,
      reason: 'Nobody has used it for a year',
    })
    const said = { digest: state.digest, decision: 'approved' as const, role: 'approver', reason: null }
    const approval = { ...said, until: '2027-01-01T00:00:00.000Z', signer: context.signer }
    const approved = await recordStep(world, state, { is: 'approved', approval })
    return (await asTheOnlyMaker(context, world, (maker) => makeChange(world, approved, maker))).id
  })
}

/** What the newest run of each of the three came to. */
async function came(product: TestProduct): Promise<(string | undefined)[]> {
  await product.run(scan)
  const { runs: all } = (await product.run(runs)).output
  return adopted.map((id) => {
    const counts = all.find(({ duty }) => duty === id)?.counts
    return (['fail', 'unknown', 'notApplicable', 'pass'] as const).find((word) => (counts?.[word] ?? 0) > 0)
  })
}

test('with no change none of them is green; one that went through the gate is, and its way back is read each time', async () => {
  const product = newProduct()
  expect(await came(product)).toEqual(['notApplicable', 'notApplicable', 'notApplicable'])
  const id = await changed(product)
  expect(await came(product)).toEqual(['pass', 'pass', 'notApplicable'])
  const kept = join(product.state, 'undo', id)
  renameSync(kept, `${kept}-away`)
  expect(await came(product)).toEqual(['fail', 'pass', 'notApplicable'])
  const open = async () => (await product.run(findings)).output.findings.map(({ finding }) => finding.statement.rule)
  expect(await open()).toEqual(['way-back-lost'])
  renameSync(`${kept}-away`, kept)
  expect(await came(product)).toEqual(['pass', 'pass', 'notApplicable'])
  expect(await open()).toEqual([])
})

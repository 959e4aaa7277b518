import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChangeInput } from '@upkeep/contract'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { recordStep } from '@upkeep/engine/change/record-step'
import { expect, test } from 'vitest'
import { baselineAccept } from './baseline-accept.ts'
import { asTheOnlyMaker } from './change-flow.ts'
import { changes } from './changes.ts'
import { findings } from './findings.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

const token = `${'ghp_'}${'a1B2'.repeat(9)}`
/** Free text: of no shape that is shown, and no secret. */
const words = 'all of my notes, but none of hers'

function config(product: TestProduct): string {
  return join(product.home, '.cursor/mcp.json')
}

/** A server with a secret in a variable, and one with an argument that could be one and so is hidden. */
async function approvedFleet(): Promise<TestProduct> {
  const product = testProduct()
  mkdirSync(join(product.home, '.config'), { recursive: true })
  product.declare({ one: '/srv/read', two: '/srv/read' })
  const file = JSON.parse(readFileSync(config(product), 'utf8'))
  file.mcpServers.one.env = { GITHUB_TOKEN: token, MODE: 'read' }
  file.mcpServers.two.args.push(words)
  writeFileSync(config(product), JSON.stringify(file, null, 2))
  await product.run(scan)
  await product.run(baselineAccept, { reason: 'first' })
  await product.run(scan)
  return product
}

function make(product: TestProduct, input: ChangeInput): Promise<unknown> {
  return product.within(async (context) => {
    const world = {
      ...(await context.acts.changes()),
      assess: async () => ({ risk: 'low' as const, why: [], sheet: null }),
      test: async () => [],
    }
    const plan = await planChange(world, { inputs: [input], title: 'a managed change', class: 'normal', closes: [] })
    if (plan === null) throw new Error('nothing to change')
    expect(JSON.stringify(plan.entries)).not.toContain(token)
    const state = await proposeChange(world, plan, { requester: context.signer, reason: 'It is to be otherwise' })
    const said = { digest: state.digest, decision: 'approved' as const, role: 'approver', reason: null }
    const approval = { ...said, until: '2027-01-01T00:00:00.000Z', signer: context.signer }
    const approved = await recordStep(world, state, { is: 'approved', approval })
    return asTheOnlyMaker(context, world, (maker) => makeChange(world, approved, maker))
  })
}

async function drift(product: TestProduct): Promise<string[]> {
  await product.run(scan)
  const open = (await product.run(findings)).output.findings.map(({ finding }) => finding.statement)
  return open
    .filter(({ duty }) => duty === 'configuration-drift-detection')
    .map(({ subject, rule }) => `${subject.name} ${rule}`)
    .sort()
}

async function documents(product: TestProduct): Promise<string[]> {
  const { documents: all } = (await product.run(changes, { documents: join(product.home, 'papers') })).output
  return all.map(({ of }) => of)
}

test('a secret that was moved and an argument that is hidden: no drift by an approved change, and drift by any other hand', async () => {
  const product = await approvedFleet()
  expect(await drift(product)).toEqual([])
  const path = config(product)
  const named = { path, project: null }
  await make(product, {
    kind: 'move-secret',
    ...named,
    server: 'one',
    secret: { in: 'env', name: 'GITHUB_TOKEN' },
    to: { store: 'file' },
  })
  await make(product, {
    kind: 'set-server-args',
    ...named,
    server: 'two',
    changes: [{ kind: 'replace', index: 2, from: words, to: 'all of my notes, and hers' }],
  })
  expect(readFileSync(path, 'utf8')).not.toContain(token)
  expect(await drift(product)).toEqual([])
  expect(await documents(product)).toEqual(['managed', 'managed'])

  const file = JSON.parse(readFileSync(path, 'utf8'))
  file.mcpServers.one.env.MODE = 'write'
  file.mcpServers.two.args[2] = 'whatever there is, all of it'
  writeFileSync(path, JSON.stringify(file, null, 2))
  expect(await drift(product)).toEqual(['one environment-changed', 'two start-changed'])
  expect(await documents(product)).toEqual(['managed', 'managed', 'undocumented', 'undocumented'])
})

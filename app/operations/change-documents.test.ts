import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { compareDeclared } from '@upkeep/domain/server-diff/compare-declared'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { recordStep, storedChange } from '@upkeep/engine/change/record-step'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import { expect, test } from 'vitest'
import { baselineAccept } from './baseline-accept.ts'
import { askApproval, asTheOnlyMaker, changeNamed } from './change-flow.ts'
import { changes } from './changes.ts'
import { findings } from './findings.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

const names = ['one', 'two', 'three', 'four']
const upkeepYaml = 'version: 1\nduties:\n  change-documentation:\n    adopted: true\n'

async function approvedFleet(): Promise<TestProduct> {
  const product = testProduct()
  mkdirSync(join(product.home, '.config'), { recursive: true })
  product.write('upkeep.yaml', upkeepYaml)
  product.declare(Object.fromEntries(names.map((name) => [name, '/srv/read'])))
  await product.run(scan)
  await product.run(baselineAccept, { reason: 'first' })
  await product.run(scan)
  return product
}

/** One argument of one server, as a change: planned, approved, made, and looked at again. */
function argumentChange(product: TestProduct, server: string, to: string): Promise<unknown> {
  return product.within(async (context) => {
    const world = {
      ...(await context.acts.changes()),
      assess: async () => ({ risk: 'low' as const, why: [], sheet: null }),
      test: async () => [],
    }
    const path = join(product.home, '.cursor/mcp.json')
    const one = { kind: 'replace' as const, index: 1, from: '/srv/read', to }
    const inputs = [{ kind: 'set-server-args' as const, path, server, project: null, changes: [one] }]
    const plan = await planChange(world, { inputs, title: `${server}: ${to}`, class: 'normal', closes: [] })
    if (plan === null) throw new Error('nothing to change')
    const state = await proposeChange(world, plan, { requester: context.signer, reason: 'It has to write as well now' })
    const said = { digest: state.digest, decision: 'approved' as const, role: 'approver', reason: null }
    const approval = { ...said, until: '2027-01-01T00:00:00.000Z', signer: context.signer }
    const approved = await recordStep(world, state, { is: 'approved', approval })
    return asTheOnlyMaker(context, world, (maker) => makeChange(world, approved, maker))
  })
}

function editByHand(product: TestProduct, server: string, to: string): void {
  const path = join(product.home, '.cursor/mcp.json')
  const file = JSON.parse(readFileSync(path, 'utf8'))
  file.mcpServers[server].args[1] = to
  writeFileSync(path, JSON.stringify(file))
}

/** What the servers were declared as, by the first and the last look that is stored. */
function estates(product: TestProduct): Promise<Map<string, DeclaredServer>[]> {
  return product.within(async (context) => {
    const store = await context.store()
    const runs = (await store.runs.list({ duty: 'configuration-drift-detection' })).filter(
      (run) => run.observations !== null,
    )
    const looks = await Promise.all(
      [runs.at(-1), runs[0]].map((run) => (run === undefined ? [] : observationsOf(store, run, ['declared-server']))),
    )
    return looks.map(
      (look) =>
        new Map(
          look.flatMap((one) =>
            one.kind === 'declared-server' && one.state === 'seen' ? [[one.facts.name, one.facts] as const] : [],
          ),
        ),
    )
  })
}

test('three changes and one by hand give four documents, and they add up to the difference of the estate', async () => {
  const product = await approvedFleet()
  for (const name of names.slice(0, 3)) await argumentChange(product, name, `/srv/${name}`)
  editByHand(product, 'four', '/srv/four')
  await product.run(scan)
  const folder = join(product.home, 'papers')
  const { documents } = (await product.run(changes, { documents: folder })).output
  expect(documents.map(({ of }) => of)).toEqual(['managed', 'managed', 'managed', 'undocumented'])

  const [was, is] = await estates(product)
  const between = names.flatMap((name) => {
    const [before, after] = [was?.get(name), is?.get(name)]
    return before === undefined || after === undefined
      ? []
      : compareDeclared(before, after).map((one) => ({ server: name, at: one.at, was: one.was, is: one.is }))
  })
  const documented = documents.flatMap((document) => {
    if (document.of === 'undocumented')
      return document.what.differences.map(({ at, was, is }) => ({ server: document.what.subject.name, at, was, is }))
    return document.what.inputs.flatMap((input) =>
      input.kind === 'set-server-args'
        ? input.changes.flatMap((one) =>
            one.kind === 'replace'
              ? [{ server: input.server, at: `args[${one.index}]`, was: one.from, is: one.to }]
              : [],
          )
        : [],
    )
  })
  expect(between).toHaveLength(4)
  expect(documented.toSorted(byServer)).toEqual(between.toSorted(byServer))

  const files = () =>
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')])
  const first = files()
  expect(first).toHaveLength(4 * 3 + 1)
  product.clock.advance(86_400)
  await product.run(changes, { documents: folder })
  expect(files()).toEqual(first)
})

test('an auditor gets the list of all, a seed, and samples that anybody draws again and verifies', async () => {
  const product = await approvedFleet()
  for (const name of names.slice(0, 3)) await argumentChange(product, name, `/srv/${name}`)
  editByHand(product, 'four', '/srv/four')
  await product.run(scan)
  const draw = async (name: string, over: Record<string, unknown> = {}) => {
    const out = join(product.home, name)
    const { documents } = (await product.run(changes, { sample: 2, seed: 7, out, ...over })).output
    return {
      out,
      ids: documents.map(({ id }) => id),
      list: JSON.parse(readFileSync(join(out, 'population.json'), 'utf8')),
    }
  }
  const { out, ids, list } = await draw('audit')
  expect(list).toMatchObject({ seed: 7, sample: ids })
  expect(list.population).toHaveLength(4)
  expect((await draw('again')).ids).toEqual(ids)
  const others = await Promise.all(
    [1, 2, 3, 4, 5].map(async (seed) => (await draw(`seed-${seed}`, { seed })).ids.join()),
  )
  expect(new Set(others).size).toBeGreaterThan(1)
  expect((await draw('none', { from: '2027-01-01' })).list.population).toEqual([])
  for (const id of ids) expect(readdirSync(out)).toContain(`${id}.json`)
  const verifier = join(import.meta.dirname, '../../verify/upkeep-verify.mjs')
  expect(spawnSync(process.execPath, [verifier, join(out, 'evidence.json')]).status).toBe(0)
})

test('what was changed by hand says whose and when, is due, and is closed by a reason and nothing less', async () => {
  const product = await approvedFleet()
  editByHand(product, 'four', '/srv/write')
  await product.run(scan)
  const [document] = (await product.run(changes, { documents: join(product.home, 'papers') })).output.documents
  if (document?.of !== 'undocumented') throw new Error('not what was looked for')
  expect(document.who.uid).toBe(process.getuid?.() ?? null)
  expect(document.when.written).not.toBeNull()
  expect(document.gaps).toMatchObject([{ field: 'rationale' }])
  await product.run(scan)
  const open = async () =>
    (await product.run(findings)).output.findings.filter(
      ({ finding }) => finding.statement.rule === 'undocumented-change',
    )
  expect(await open()).toHaveLength(1)
  await expect(product.run(changes, { justify: document.id, reason: 'test' })).rejects.toThrow('takes a sentence')
  const { documents } = (await product.run(changes, { justify: document.id, reason: 'Tried whether it can write' }))
    .output
  expect(documents).toMatchObject([{ id: document.id, gaps: [], why: { justifications: [{ person: 'ada' }] } }])
  await product.run(scan)
  expect(await open()).toEqual([])
})

test('what weighs is not made with a reason of one word, and is once somebody says why', async () => {
  const product = await approvedFleet()
  const id = await product.within(async (context) => {
    const real = await context.acts.changes()
    const world = {
      ...real,
      assess: async () => ({ risk: 'medium' as const, why: [], sheet: null }),
      test: async () => [{ name: 'rollback rehearsed', outcome: 'passed' as const, detail: '' }],
    }
    const path = join(product.home, '.cursor/mcp.json')
    const inputs = [{ kind: 'disable-server' as const, path, server: 'one', project: null }]
    const plan = await planChange(world, { inputs, title: 'switch one off', class: 'normal', closes: [] })
    if (plan === null) throw new Error('nothing to change')
    return (await proposeChange(world, plan, { requester: context.signer, reason: 'cleanup' })).id
  })
  const heldBy = async () => (await product.run(changes, { change: id })).output.changes[0]?.heldBy
  expect(await heldBy()).toMatch(/its document is not complete: why it is made is not said in a sentence/)
  const make = () =>
    product.within(async (context) => {
      const world = await context.acts.changes()
      const state = await storedChange(world.store, id)
      if (state === null) throw new Error('no change')
      return asTheOnlyMaker(context, world, (maker) => makeChange(world, state, maker))
    })
  await expect(make()).rejects.toThrow('its document is not complete')
  // Whoever is asked to approve it reads that before they answer.
  const shown: string[] = []
  const person = { ...presentPerson(), show: (text: string) => void shown.push(text), ask: async () => 'no' }
  const ask = product.within(async (context) => {
    const world = await context.acts.changes()
    return askApproval({ ...context, person }, world, await changeNamed(world, id))
  })
  await expect(ask).rejects.toThrow('was not approved')
  expect(shown.join('')).toContain('Approved or not, it waits: its document is not complete')
  await product.run(changes, { justify: id, reason: 'Nobody has used it for a year' })
  await expect(make()).rejects.toThrow('nobody approved it')
})

function byServer(one: { server: string }, other: { server: string }): number {
  return one.server < other.server ? -1 : 1
}

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Installation, newInstallation, removeInstallation } from './installation.ts'
import { exportCheckpoint, said, scan, verify } from './product.ts'
import * as tamper from './tamper.ts'

let installation: Installation
let sizeBefore: number
let earlier: string
let newest: string
beforeAll(async () => {
  installation = newInstallation(inject('fleet').home)
  await scan(installation)
  await scan(installation)
  sizeBefore = tamper.ledgerSize(installation)
  earlier = await exportCheckpoint(installation)
  await scan(installation)
  await scan(installation)
  newest = await exportCheckpoint(installation)
})
afterAll(() => removeInstallation(installation))

test('untouched, it verifies, also against both checkpoints', async () => {
  const result = await verify(installation, [earlier, newest])
  expect(result.exitCode, said(result)).toBe(0)
})

describe('one record', () => {
  const acts = {
    'altered run': ['run', tamper.alterRecord],
    'altered finding': ['finding', tamper.alterRecord],
    'dropped run': ['run', tamper.dropRecord],
    'dropped finding': ['finding', tamper.dropRecord],
    'run dropped with its leaf': ['run', tamper.dropRecordAndLeaf],
    'altered verdicts of a run': ['run', tamper.alterVerdicts],
  } as const
  test.each(Object.entries(acts))('%s: verify fails and names it', async (name, [type, act]) => {
    const copy = tamper.copyOf(installation, name.replaceAll(' ', '-'))
    const leaf = tamper.leafOf(copy, type, 1)
    act(copy, leaf)
    const result = await verify(copy)
    expect(result.exitCode, said(result)).toBe(1)
    const text = result.stdout + result.stderr
    // A leaf that is gone leaves no name; what stands at its index is then the wrong record.
    if (act !== tamper.dropRecordAndLeaf) expect(text).toContain(leaf.recordId)
    if (act !== tamper.dropRecordAndLeaf) expect(text).toMatch(new RegExp(`\\b${leaf.position}\\b`))
  })

  test('two leaves exchanged: verify fails and names an index', async () => {
    const copy = tamper.copyOf(installation, 'swapped')
    const one = tamper.leafOf(copy, 'run', 1)
    const other = tamper.leafOf(copy, 'run', one.position + 1)
    tamper.swapLeaves(copy, one, other)
    const result = await verify(copy)
    expect(result.exitCode, said(result)).toBe(1)
    expect(result.stdout + result.stderr).toMatch(new RegExp(`\\b(${one.position}|${other.position})\\b`))
  })
})

describe('a removed tail', () => {
  let cut: Installation
  beforeAll(() => {
    cut = tamper.copyOf(installation, 'cut')
    tamper.removeTail(cut, sizeBefore)
  })

  test('without a checkpoint kept elsewhere it says that it cannot tell', async () => {
    const result = await verify(cut)
    expect(result.exitCode, said(result)).toBe(0)
    expect(result.stdout + result.stderr).toMatch(/(cannot tell|cannot be told)[\s\S]*removed/i)
  })

  test('against the checkpoint exported before it, all is well', async () => {
    const result = await verify(cut, [earlier])
    expect(result.exitCode, said(result)).toBe(0)
  })

  test('against the one exported after it, it fails', async () => {
    const result = await verify(cut, [newest])
    expect(result.exitCode, said(result)).toBe(1)
    expect(result.stdout.replace(/\s+/g, ' ')).toMatch(new RegExp(`leaves ${sizeBefore} to \\d+: they were removed`))
  })
})

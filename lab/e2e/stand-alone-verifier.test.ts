import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EvidencePack } from '@upkeep/contract/evidence'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Installation, newInstallation, removeInstallation } from './installation.ts'
import { exportCheckpoint, exportEvidence, said, scan, verifyAlone } from './product.ts'
import { copyOf, ledgerSize, removeTail } from './tamper.ts'

let installation: Installation
let pack: EvidencePack
let packPath: string
let newest: string
let shortPath: string
beforeAll(async () => {
  installation = newInstallation(inject('fleet').home)
  await scan(installation)
  const size = ledgerSize(installation)
  await scan(installation)
  packPath = await exportEvidence(installation)
  pack = EvidencePack.parse(JSON.parse(readFileSync(packPath, 'utf8')))
  newest = await exportCheckpoint(installation)
  const cut = copyOf(installation, 'cut')
  removeTail(cut, size)
  shortPath = await exportEvidence(cut)
})
afterAll(() => removeInstallation(installation))

async function verifyAltered(name: string, altered: EvidencePack) {
  const path = join(installation.root, `${name}.json`)
  writeFileSync(path, JSON.stringify(altered))
  return verifyAlone(installation, path)
}

function recordAt(place: number): EvidencePack['records'][number] {
  const record = pack.records[place]
  if (!record) throw new Error(`the pack has no record ${place}`)
  return record
}

test('an untouched pack verifies, also against the checkpoint', async () => {
  const result = await verifyAlone(installation, packPath, [newest])
  expect(result.exitCode, said(result)).toBe(0)
})

test('an altered record is named by its index', async () => {
  const altered = structuredClone(pack)
  const record = altered.records[2]
  if (record) record.record.detail = 'altered'
  const result = await verifyAltered('altered', altered)
  expect(result.exitCode, said(result)).toBe(1)
  expect(result.stdout).toMatch(new RegExp(`\\b${recordAt(2).index}\\b`))
})

test('a dropped record is named by its index', async () => {
  const result = await verifyAltered('dropped', { ...pack, records: pack.records.filter((_, place) => place !== 2) })
  expect(result.exitCode, said(result)).toBe(1)
  expect(result.stdout).toMatch(new RegExp(`\\b${recordAt(2).index}\\b`))
})

test('a dropped leaf fails', async () => {
  const result = await verifyAltered('leaf', { ...pack, leaves: pack.leaves.toSpliced(1, 1) })
  expect(result.exitCode, said(result)).toBe(1)
})

test('an altered object fails', async () => {
  const [digest] = Object.keys(pack.objects)
  const result = await verifyAltered('object', { ...pack, objects: { ...pack.objects, [digest ?? '']: '[]' } })
  expect(result.exitCode, said(result)).toBe(1)
  expect(result.stdout).toContain((digest ?? '').slice(0, 12))
})

test('a removed tail: it cannot tell without a checkpoint, and fails against one exported earlier', async () => {
  const alone = await verifyAlone(installation, shortPath)
  expect(alone.exitCode, said(alone)).toBe(0)
  expect(alone.stdout).toMatch(/(cannot tell|cannot be told)[\s\S]*removed/i)
  const against = await verifyAlone(installation, shortPath, [newest])
  expect(against.exitCode, said(against)).toBe(1)
})

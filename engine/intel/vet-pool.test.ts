import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { feedFiles } from './feed-files.ts'
import { buildZip } from './testing/build-zip.ts'
import type { VetJob, VettedDocument } from './vet-documents.ts'
import { VetPool } from './vet-pool.ts'
import { listZip } from './zip-entries.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-vet-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const latest = '2026-11-24T09:00:00.000Z'

/** Documents of every fate: sound, about several packages, without a package, hostile, ahead of the clock, and no JSON. */
const texts = Array.from({ length: 60 }, (_, index) => {
  const affected = (...names: string[]) =>
    names.map((name) => ({
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
    }))
  const record = { id: `A-${index}`, modified: '2026-01-02T03:04:05Z', summary: `${index}`, affected: affected('x') }
  const fates = [
    record,
    { ...record, affected: affected('x', 'y') },
    { ...record, affected: [] },
    { ...record, affected: affected('*') },
    { ...record, modified: '2027-01-02T03:04:05Z' },
  ]
  return index % 6 === 5 ? '{"id": "canary"' : JSON.stringify(fates[index % 6])
})

async function told(pool: VetPool, jobs: VetJob[]): Promise<VettedDocument[][]> {
  const all: VettedDocument[][] = []
  try {
    for await (const documents of pool.inOrder(jobs)) all.push(documents)
    return all
  } finally {
    await pool.close()
  }
}

test('threads tell of the entries of a zip what one thread tells, in the same order', async () => {
  const bytes = buildZip(texts.map((text, index) => ({ name: `${index}.json`, bytes: Buffer.from(text) })))
  const zip = Buffer.from(new SharedArrayBuffer(bytes.length))
  zip.set(bytes)
  const listed = await listZip(zip, { maxEntries: 100, maxDeclaredBytes: 1 << 20 })
  if (typeof listed === 'string') throw new Error(listed)
  const jobs = texts.map((_, at) => ({ entries: listed.entries.slice(at, at + 1).map(({ packed }) => packed) }))
  const order = { latest, zip, documents: texts.length }
  const alone = await told(new VetPool(order, 0), jobs)
  expect(await told(new VetPool(order, 3), jobs)).toEqual(alone)
  const kinds = new Set(alone.flat().flatMap(({ notes }) => notes.map(([kind]) => kind)))
  expect([...kinds].sort()).toEqual(['dated', 'quarantine', 'reject', 'row', 'statement'])
})

test('threads tell of the files of a folder what one thread tells, with the digest of each', async () => {
  for (const [index, text] of texts.entries()) writeFileSync(join(root, `${index}.json`), text)
  const files = feedFiles(root)
  if (files.state !== 'present') throw new Error(files.reason)
  const order = { latest, zip: null, documents: texts.length }
  const alone = await told(new VetPool(order, 0), files.blocks)
  expect(await told(new VetPool(order, 2), files.blocks)).toEqual(alone)
  expect(alone.flat().every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true)
})

test('a thread that fails is an error, not a record less', async () => {
  const pool = new VetPool({ latest, zip: null, documents: 1 }, 1)
  const entries = [{ name: 'a.json', at: 0, method: 0, packed: 0, size: 0, crc: 0, encrypted: false }]
  await expect(told(pool, [{ entries }])).rejects.toThrow('entries of a zip, and no zip')
})

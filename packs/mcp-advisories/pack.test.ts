import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const records = join(import.meta.dirname, 'records')
const shared = join(import.meta.dirname, '../../../shared/data/osv-advisories')
const Known = z.object({
  id: z.string(),
  aliases: z.array(z.string()).optional(),
  summary: z.string(),
  severity: z.unknown().optional(),
  modified: z.string(),
  published: z.string(),
  affected: z.array(z.object({ package: z.unknown(), ranges: z.unknown() })),
  database_specific: z.object({ severity: z.string(), cwe_ids: z.array(z.string()) }).optional(),
})

function readAll(folder: string): Map<string, z.infer<typeof Known>> {
  const names = readdirSync(folder).sort()
  const parsed = names.map((name) => Known.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
  return new Map(parsed.map((record) => [record.id, record]))
}

test('the manifest was made for these records', () => {
  const manifest = z
    .object({ digest: z.string(), coverage: z.literal('selected') })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'manifest.json'), 'utf8')))
  const hash = createHash('sha256')
  for (const name of readdirSync(records).sort()) {
    const bytes = readFileSync(join(records, name))
    hash.update(`records/${name}\n${createHash('sha256').update(bytes).digest('hex')}\n`)
  }
  expect(manifest.digest).toBe(hash.digest('hex'))
})

test('every record has its own name and an end', () => {
  for (const [id, record] of readAll(records)) {
    expect(existsSync(join(records, `${id}.json`))).toBe(true)
    expect(record.summary.length).toBeLessThan(200)
    expect(record.affected.length).toBeGreaterThan(0)
  }
})

test.skipIf(!existsSync(shared))('facts are those of ../shared/data/osv-advisories; words are our own', () => {
  const ours = readAll(records)
  for (const [id, theirs] of readAll(shared)) {
    const { summary, ...facts } = theirs
    const { summary: ownSummary, ...ownFacts } = Known.parse(ours.get(id))
    expect(ownFacts).toEqual(facts)
    expect(ownSummary).not.toBe(summary)
  }
})

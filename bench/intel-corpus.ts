import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeZip } from '@upkeep/engine/intel/write-zip'

const records = resolve(import.meta.dirname, '..', 'packs', 'mcp-advisories', 'records')

/**
 * Advisories by replication: each of the built-in pack's records again and again, with its id and its packages' names changed. Their sizes
 * and shapes are real, their number is not.
 */
export function* replicatedRecords(count: number): Generator<{ name: string; bytes: Buffer }> {
  const originals = readdirSync(records)
    .sort()
    .map((name) => readFileSync(join(records, name), 'utf8'))
  for (let index = 0; index < count; index += 1) {
    const text = originals[index % originals.length] ?? ''
    const id = `BENCH-2026-${index}`
    const changed = text
      .replace(/"id": "[^"]+"/, `"id": "${id}"`)
      .replace(/"aliases": \[[^\]]*\]/, `"aliases": ["CVE-2026-${100_000 + index}"]`)
      .replaceAll(/"name": "[^"]+"/g, `"name": "bench-package-${index}"`)
    yield { name: `${id}.json`, bytes: Buffer.from(changed) }
  }
}

/** The corpus as one zip, as osv.dev publishes an ecosystem. */
export async function writeCorpusZip(path: string, count: number): Promise<void> {
  const file = openSync(path, 'w')
  await writeZip(replicatedRecords(count), async (piece) => {
    writeSync(file, piece)
  })
  closeSync(file)
}

/** The corpus as a folder of files. */
export function writeCorpusFolder(folder: string, count: number): void {
  mkdirSync(folder)
  for (const { name, bytes } of replicatedRecords(count)) writeFileSync(join(folder, name), bytes)
}

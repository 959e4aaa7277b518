import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ForeignReading, KeptResults } from '@upkeep/contract/observations/foreign-results'
import { canonicalJson, digestOfText } from '@upkeep/domain/canonical-json'
import { parseKept } from '@upkeep/domain/foreign-results/parse-kept'
import { readResults } from '@upkeep/domain/foreign-results/read-results'
import { emptyReading } from '@upkeep/domain/foreign-results/reading'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { readBounded } from '../ports/files-read.ts'
import { isTooDeep } from './json-depth.ts'

const maxKeptBytes = 256 << 20
const maxDepth = 200
const maxClockSkewMs = 86_400_000

/** Where the results of other scanners are kept: one file each, named by its digest. */
export function keptResultsIn(stateDir: string): string {
  return join(stateDir, 'intel', 'results')
}

/** What a file of another scanner says. Depth is bounded before anything is built of it. */
export function readForeignBytes(bytes: Uint8Array, at: string): ForeignReading {
  if (isTooDeep(bytes, maxDepth)) return emptyReading('unknown', `it nests deeper than ${maxDepth}`)
  const reading = readResults(decoded(bytes))
  const isOfTheFuture = reading.producedAt !== null && Date.parse(reading.producedAt) > Date.parse(at) + maxClockSkewMs
  if (!isOfTheFuture) return reading
  return { ...reading, producedAt: null, problem: reading.problem ?? 'it is dated later than it was taken in' }
}

/** Some scanners write UTF-16 on Windows; what is no text at all is no JSON. */
function decoded(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    return ''
  }
}

/** Keeps what was read in place of what has that name. */
export function keepResults(
  stateDir: string,
  reading: ForeignReading,
  taken: { name: string; bytes: Uint8Array; at: string; about: string | null },
): { kept: KeptResults; replaced: boolean } {
  const { name, bytes, at, about } = taken
  const digest = createHash('sha256').update(bytes).digest('hex')
  const kept: KeptResults = { ...reading, name, digest, importedAt: at, about, withdrawnAt: null }
  return { kept, replaced: replace(stateDir, kept) }
}

/** Takes results out again. That they were there stays known, so that what only they reported can be withdrawn with them. */
export function withdrawResults(stateDir: string, name: string, at: string): KeptResults | null {
  const { results } = keptResults(stateDir)
  const found = results.find((one) => one.name === name && one.withdrawnAt === null)
  if (found === undefined) return null
  const withdrawn = {
    ...found,
    reports: [],
    components: [],
    code: [],
    otherCode: 0,
    notUnderstood: 0,
    problem: null,
    withdrawnAt: at,
  }
  replace(stateDir, withdrawn)
  return withdrawn
}

function replace(stateDir: string, kept: KeptResults): boolean {
  const folder = keptResultsIn(stateDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const text = canonicalJson(KeptResults.parse(kept))
  const file = `${digestOfText(text)}.json`
  const earlier = read(stateDir).filter((one) => one.kept?.name === kept.name && one.file !== file)
  writeFileAtomic(join(folder, file), text, { mode: 0o600 })
  for (const one of earlier) rmSync(join(folder, one.file), { force: true })
  return earlier.some((one) => one.kept?.withdrawnAt === null)
}

/** Everything that is kept, withdrawn ones too, by name; and files that are not what was kept. */
export function keptResults(stateDir: string): { results: KeptResults[]; damaged: string[] } {
  const all = read(stateDir)
  const results = all.flatMap((one) => one.kept ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))
  return { results, damaged: all.filter((one) => one.kept === null).map((one) => one.file) }
}

function read(stateDir: string): { file: string; kept: KeptResults | null }[] {
  const folder = keptResultsIn(stateDir)
  return namesIn(folder).map((file) => ({ file, kept: readKept(join(folder, file), file) }))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}

function readKept(path: string, file: string): KeptResults | null {
  const found = readBounded(path, maxKeptBytes)
  return found.state === 'present' ? parseKept(new TextDecoder().decode(found.bytes), file) : null
}

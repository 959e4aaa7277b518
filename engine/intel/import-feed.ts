import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnavailableCode } from '@upkeep/contract'
import { inspectPath } from '../ports/files-facts.ts'
import { readBounded, resolvePath } from '../ports/files-read.ts'
import { download } from '../ports/intel-download.ts'
import { withAge } from './feed-age.ts'
import { readFeedRow } from './feed-facts.ts'
import { feedFiles } from './feed-files.ts'
import { feedName } from './feed-name.ts'
import type { Feed } from './feed-sink.ts'
import { intelFolders, type KeptImport, keptImports, placedImports, writeKeptImports } from './kept-feeds.ts'
import { archivedFeeds } from './read-archive.ts'
import { indexPath, refreshFeed } from './refresh-feed.ts'
import { writeZip, type ZipMember } from './write-zip.ts'

export interface ImportCall {
  stateDir: string
  at: string
  signal: AbortSignal
  /** What to call it; by default its file's name or its address. */
  name?: string | undefined
}

/** What came of one feed that was to be imported. */
export type Imported =
  | { state: 'imported'; feed: Feed; replaced: boolean }
  | { state: 'refused'; id: string; code: UnavailableCode; reason: string }

const maxBytes = 1 << 30
const maxRecordBytes = 8 << 20

/**
 * Takes a feed into the state folder: a file, a folder, an address, or an archive that `upkeep feeds export` wrote. It is read before it
 * replaces an earlier edition of the same name: one that cannot be read changes nothing.
 */
export async function importFeed(source: string, call: ImportCall): Promise<Imported[]> {
  const { kept } = intelFolders(call.stateDir)
  mkdirSync(kept, { recursive: true, mode: 0o700 })
  const draft = join(kept, `${randomBytes(8).toString('hex')}.draft`)
  const id = call.name ?? feedName(source)
  try {
    const taken = await take(source, draft, call.signal)
    if (taken !== null) return [{ state: 'refused', id, ...taken }]
    const archived = await archivedFeeds(draft)
    if (archived === null) return [await keep(draft, id, call)]
    if (archived.state === 'refused') return [{ state: 'refused', id, code: 'malformed', reason: archived.reason }]
    const all: Imported[] = []
    for (const feed of archived.feeds) {
      await writePieces(draft, 'w', [feed.bytes()])
      all.push(await keep(draft, feed.id, call))
    }
    return all
  } finally {
    rmSync(draft, { force: true })
  }
}

type Failure = { code: UnavailableCode; reason: string }

async function take(source: string, draft: string, signal: AbortSignal): Promise<Failure | null> {
  if (/^https?:\/\//.test(source)) {
    const fetched = await download(source, draft, signal)
    return fetched.state === 'fetched' ? null : { code: fetched.code, reason: fetched.reason }
  }
  const real = resolvePath(source)
  if (real.state === 'absent') return { code: 'not-configured', reason: 'nothing is there' }
  if (real.state === 'unavailable') return real
  const facts = inspectPath(real.path)
  if (facts.state === 'present' && facts.type === 'folder') return packFolder(real.path, draft)
  const read = readBounded(real.path, maxBytes)
  if (read.state === 'absent') return { code: 'not-configured', reason: 'nothing is there' }
  if (read.state === 'unavailable') return { code: read.code, reason: read.reason }
  await writePieces(draft, 'wx', [read.bytes])
  return null
}

/** A folder is kept as one zip of its records: its manifest is checked where it lies, not here. */
export async function packFolder(root: string, file: string): Promise<Failure | null> {
  const files = feedFiles(root)
  if (files.state !== 'present') return { code: files.code, reason: files.reason }
  const [problem] = files.problems
  if (problem !== undefined) return { code: 'malformed', reason: problem }
  let failure: Failure | null = null
  function* members(): Generator<ZipMember> {
    for (const { path, relative } of files.state === 'present' ? files.files : []) {
      const read = readBounded(path, maxRecordBytes)
      if (read.state === 'present') yield { name: relative, bytes: read.bytes }
      else
        failure ??= {
          code: 'malformed',
          reason: `${relative.slice(-100)}: ${read.state === 'absent' ? 'it is gone' : read.reason}`,
        }
    }
  }
  const handle = await open(file, 'w', 0o600)
  try {
    await writeZip(members(), async (piece) => {
      await handle.write(piece)
    })
  } finally {
    await handle.close()
  }
  return failure
}

async function writePieces(file: string, flags: 'w' | 'wx', pieces: readonly Uint8Array[]): Promise<void> {
  const handle = await open(file, flags, 0o600)
  try {
    for (const piece of pieces) await handle.write(piece)
  } finally {
    await handle.close()
  }
}

async function keep(draft: string, id: string, call: ImportCall): Promise<Imported> {
  const { kept, indexes } = intelFolders(call.stateDir)
  const { sha256, bytes } = await measure(draft)
  const path = join(kept, sha256)
  const known = existsSync(path)
  if (!known) renameSync(draft, path)
  const place = { path, id, source: `import ${id}`, sha256 }
  const database = await refreshFeed(place, { folder: indexes, at: call.at, signal: call.signal })
  const { facts, code } = readFeedRow(database)
  database.close()
  if (code !== null) {
    rmSync(indexPath(indexes, place), { force: true })
    if (!known) rmSync(path, { force: true })
    return { state: 'refused', id, code, reason: facts.problem ?? 'nothing in it could be read' }
  }
  const replaced = note({ id, sha256, bytes, importedAt: call.at }, call.stateDir)
  return { state: 'imported', feed: withAge(facts, undefined, call.at), replaced }
}

async function measure(file: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of createReadStream(file)) {
    hash.update(piece)
    bytes += piece.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** Puts an import on the list; the bytes of an edition that nothing names any more are taken away. */
function note(made: KeptImport, stateDir: string): boolean {
  const before = keptImports(stateDir)
  const earlier = before.find((one) => one.id === made.id)
  // The same bytes under two names would be one index: the newer name counts.
  const others = before.filter((one) => one.id !== made.id && one.sha256 !== made.sha256)
  writeKeptImports(stateDir, [...others, made])
  const inUse = new Set(placedImports(stateDir).map((place) => place.path))
  const old = earlier === undefined ? null : join(intelFolders(stateDir).kept, earlier.sha256)
  if (old !== null && !inUse.has(old)) rmSync(old, { force: true })
  return earlier !== undefined && earlier.sha256 !== made.sha256
}

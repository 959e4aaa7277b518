import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnavailableCode } from '@upkeep/contract'
import { inspectPath } from '../ports/files-facts.ts'
import { readBounded, resolvePath } from '../ports/files-read.ts'
import { download, usualBounds } from '../ports/intel-download.ts'
import { withAge } from './feed-age.ts'
import { readFeedRow } from './feed-facts.ts'
import { feedName } from './feed-name.ts'
import { expectedSignature, judgeSignature } from './feed-signature.ts'
import type { Feed } from './feed-sink.ts'
import { intelFolders, type KeptImport, keptImports, placedImports, writeKeptImports } from './kept-feeds.ts'
import { packFeed } from './pack-feed.ts'
import { archivedFeeds } from './read-archive.ts'
import { readOnce } from './read-once.ts'
import { indexPath, refreshFeed } from './refresh-feed.ts'
import { splitFolder } from './split-folder.ts'

export interface ImportCall {
  stateDir: string
  at: string
  signal: AbortSignal
  /** What to call it; by default its file's name or its address. */
  name?: string | undefined
  /** The public key that must have signed it, a line of a `.pub` file: its signature lies at the same place, with `.sig` after the name. */
  key?: string | undefined
}

/** What came of one feed that was to be imported. */
export type Imported =
  | { state: 'imported'; feed: Feed; replaced: boolean }
  | {
      state: 'refused'
      id: string
      code: UnavailableCode
      reason: string
      /** Its records that are not believed or could not be read, where that is why. */
      records?: Pick<Feed, 'quarantined' | 'rejected'>
    }
  /** A file of a folder that is no feed. */
  | { state: 'left'; id: string; reason: string }

const maxBytes = 1 << 30
const maxSignatureBytes = 16_384

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
    if (isFolder(source)) return await takeFolder(source, draft, { ...call, id })
    const taken = (await take(source, draft, call)) ?? (await takeSignature(source, `${draft}.sig`, call))
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
    for (const left of [draft, `${draft}.sig`]) rmSync(left, { force: true })
  }
}

function isFolder(source: string): boolean {
  const real = resolvePath(source)
  const facts = real.state === 'present' ? inspectPath(real.path) : real
  return facts.state === 'present' && 'type' in facts && facts.type === 'folder'
}

/** A folder is kept as one file for each feed in it. */
async function takeFolder(source: string, draft: string, call: ImportCall & { id: string }): Promise<Imported[]> {
  const { id, key } = call
  const reason = 'a folder is kept as one file, which nobody signed: name it with its key in upkeep.yaml instead'
  const split = key === undefined ? await splitFolder(source, call) : { code: 'malformed' as const, reason }
  if ('code' in split) return [{ state: 'refused', id, ...split }]
  if (split.feeds.length === 0) return [{ state: 'refused', id, code: 'malformed', reason: 'it holds no feed' }]
  const all: Imported[] = []
  for (const feed of split.feeds) {
    const failure = await packFeed(feed, draft)
    all.push(failure === null ? await keep(draft, feed.id, call) : { state: 'refused', id: feed.id, ...failure })
  }
  return [...all, ...split.left.map((one) => ({ state: 'left' as const, ...one }))]
}

type Failure = { code: UnavailableCode; reason: string }

async function take(source: string, draft: string, { signal }: ImportCall): Promise<Failure | null> {
  if (/^https?:\/\//.test(source)) {
    const fetched = await download(source, draft, signal)
    return fetched.state === 'fetched' ? null : { code: fetched.code, reason: fetched.reason }
  }
  const real = resolvePath(source)
  if (real.state === 'absent') return { code: 'not-configured', reason: 'nothing is there' }
  if (real.state === 'unavailable') return real
  const read = readBounded(real.path, maxBytes)
  if (read.state === 'absent') return { code: 'not-configured', reason: 'nothing is there' }
  if (read.state === 'unavailable') return { code: read.code, reason: read.reason }
  await writePieces(draft, 'wx', [read.bytes])
  return null
}

/** Brings the signature along where there is one. From an address it is fetched only when there is a key to check it with. */
async function takeSignature(source: string, draft: string, { signal, key }: ImportCall): Promise<Failure | null> {
  if (!/^https?:\/\//.test(source)) {
    const beside = readBounded(`${source}.sig`, maxSignatureBytes)
    if (beside.state === 'present') await writePieces(draft, 'wx', [beside.bytes])
    return null
  }
  if (key === undefined) return null
  const address = new URL(source)
  address.pathname += '.sig'
  const fetched = await download(address.href, draft, signal, { ...usualBounds, maxBytes: maxSignatureBytes })
  return fetched.state === 'fetched' ? null : { code: fetched.code, reason: `its signature: ${fetched.reason}` }
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
  const unsigned = whyUnsigned(draft, call)
  if (unsigned !== null) return { state: 'refused', id, code: 'malformed', reason: unsigned }
  const { sha256, bytes } = await measure(draft)
  const path = join(kept, sha256)
  const known = existsSync(path)
  if (!known) renameSync(draft, path)
  if (existsSync(`${draft}.sig`)) renameSync(`${draft}.sig`, `${path}.sig`)
  const place = { path, id, source: `import ${id}`, sha256, key: call.key }
  const database = await refreshFeed(place, { folder: indexes, at: call.at, signal: call.signal })
  const { facts, code } = readFeedRow(database)
  database.close()
  if (code !== null) {
    rmSync(indexPath(indexes, place), { force: true })
    if (!known) for (const left of [path, `${path}.sig`]) rmSync(left, { force: true })
    const { quarantined, rejected, problem } = facts
    return {
      state: 'refused',
      id,
      code,
      reason: problem ?? 'nothing in it could be read',
      records: { quarantined, rejected },
    }
  }
  const replaced = note({ id, sha256, bytes, importedAt: call.at, ...keyOf(call) }, call.stateDir)
  return { state: 'imported', feed: withAge(facts, undefined, call.at), replaced }
}

/** Judged before anything is put in place: the same bytes may be there already, with a signature that holds. */
function whyUnsigned(draft: string, { key }: ImportCall): string | null {
  if (key === undefined) return null
  const read = readOnce(draft, maxBytes)
  if (read.state !== 'present') return 'it could not be read again for its signature'
  const judged = judgeSignature(expectedSignature(draft, { key }), read.bytes)
  return judged.state === 'failed' ? judged.reason : null
}

function keyOf({ key }: ImportCall): { key?: string } {
  return key === undefined ? {} : { key }
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
  if (old !== null && !inUse.has(old)) for (const left of [old, `${old}.sig`]) rmSync(left, { force: true })
  return earlier !== undefined && earlier.sha256 !== made.sha256
}

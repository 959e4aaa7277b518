import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { FeedPlace, UnavailableCode } from '@upkeep/contract'
import { digestOfBlocks } from './blocks.ts'
import { expectedDigests } from './expected-digest.ts'
import { type FeedRow, factsFromPieces, factsOfNothing, readFeedRow, writeFeedRow } from './feed-facts.ts'
import { type FeedFiles, feedFiles } from './feed-files.ts'
import { latestBelieved } from './feed-sink.ts'
import { indexVersion, makeIndex, openIndex } from './index-file.ts'
import { IndexWriter } from './index-writer.ts'
import { folderDigest, readManifest } from './pack-manifest.ts'
import { readBlocks, readOneFile } from './read-pieces.ts'
import { updateFolder } from './update-folder.ts'

/** A feed that lies somewhere, under the name that it is shown by. */
export interface PlacedFeed extends FeedPlace {
  id: string
  /** What to call it in place of its path, such as the address that it was fetched from. */
  source?: string | undefined
}

export interface RefreshCall {
  /** The folder of the indexes. */
  folder: string
  at: string
  signal: { readonly aborted: boolean }
}

/** Why the present edition of a feed is not used. */
interface Failure {
  code: UnavailableCode
  reason: string
}

/** Where a feed's index lies. */
export function indexPath(folder: string, place: FeedPlace): string {
  return join(folder, `${createHash('sha256').update(place.path).digest('hex').slice(0, 32)}.db`)
}

/**
 * Opens the index of a feed after bringing it up to date: nothing is read when nothing changed, of a folder only the files that did. An
 * edition that cannot be read leaves the one before in force, with the reason; where there was none, the index holds only the reason.
 */
export async function refreshFeed(place: PlacedFeed, call: RefreshCall): Promise<DatabaseSync> {
  const path = indexPath(call.folder, place)
  const files = feedFiles(place.path)
  const expected = expectedDigests(place.path, place.sha256)
  const about = [indexVersion, place.id, place.source ?? '', JSON.stringify(expected)]
  const stamp = [...about, files.state === 'present' ? files.stamp : files.reason].join('\n')
  const known = openIndex(path, 'read')
  if (known !== null && isCurrent(readFeedRow(known), stamp, call.at)) return known
  const before = known === null ? null : readFeedRow(known)
  known?.close()
  const target = { place, path, stamp, before, expected }
  const failure = files.state === 'present' ? await readAnew(target, files, call) : files
  if (failure !== null) await noteFailure(target, failure)
  const opened = openIndex(path, 'read')
  if (opened === null) throw new Error('the index of a feed cannot be opened after it was written')
  return opened
}

function isCurrent({ stamp, ahead }: FeedRow, now: string, at: string): boolean {
  return stamp === now && (ahead === null || ahead > at)
}

interface Target {
  place: PlacedFeed
  path: string
  stamp: string
  before: FeedRow | null
  expected: ReturnType<typeof expectedDigests>
}

async function readAnew(target: Target, files: FeedFiles, call: RefreshCall): Promise<Failure | null> {
  let failure: Failure | null = null
  const partly = files.kind === 'folder' && target.before?.code === null && target.before.ahead === null
  if (partly) {
    const updated = await updateFolder(target.path, files.blocks, call, (database, writer) => {
      failure = concludeFolder(database, writer, target, files)
      return failure === null
    })
    if (updated) return null
    if (failure !== null) return failure
  }
  await makeIndex(target.path, async (database) => {
    const writer = new IndexWriter(database)
    failure = await fill(database, writer, target, files, call)
    return failure === null ? true : null
  })
  return failure
}

async function fill(
  database: DatabaseSync,
  writer: IndexWriter,
  target: Target,
  files: FeedFiles,
  { at, signal }: RefreshCall,
): Promise<Failure | null> {
  const read = { writer, latest: latestBelieved(at), signal, expected: target.expected }
  if (files.kind === 'folder') {
    return (await readBlocks(files.blocks, read)) ?? concludeFolder(database, writer, target, files)
  }
  const [file] = files.files
  if (file === undefined) return { code: 'unreachable', reason: 'it is gone' }
  const done = await readOneFile(file, read)
  if ('code' in done) return done
  const { place } = target
  const source = place.source ?? `${done.zip ? 'zip' : 'file'} ${place.id}`
  return conclude(database, writer, target, {
    id: place.id,
    source,
    digest: done.digest,
    mayBeWhole: done.zip,
    problems: [],
  })
}

/** A folder with a manifest is a pack, and has to be what its manifest says. */
function concludeFolder(database: DatabaseSync, writer: IndexWriter, target: Target, files: FeedFiles): Failure | null {
  const manifest = readManifest(files.root)
  if (typeof manifest === 'string') return { code: 'malformed', reason: manifest }
  const names = () => files.files.map((file) => file.relative)
  const digest = manifest === null ? digestOfBlocks(database) : folderDigest(database, names())
  const { id, source } = target.place
  const about = { id, source: source ?? `folder ${id}`, digest, mayBeWhole: false, problems: files.problems }
  if (manifest === null) return conclude(database, writer, target, about)
  if (files.problems.length === 0 && digest !== manifest.digest) {
    return { code: 'malformed', reason: 'its records are not those that its manifest was made for' }
  }
  const pack = { id: manifest.id, source: `pack ${manifest.id} ${manifest.version} of ${manifest.date}` }
  return conclude(database, writer, target, { ...about, ...pack })
}

function conclude(
  database: DatabaseSync,
  writer: IndexWriter,
  { stamp }: Target,
  about: Parameters<typeof factsFromPieces>[1],
): Failure | null {
  const { facts, code } = factsFromPieces(database, about)
  writeFeedRow(database, { facts, code, stamp, ahead: writer.ahead })
  return null
}

/** Keeps what was known before, and why the edition that is there now is not used. Time being up says nothing about the edition. */
async function noteFailure(target: Target, { code, reason }: Failure): Promise<void> {
  const { before, place } = target
  const stamp = code === 'timed-out' ? '' : target.stamp
  const database = before === null || before.code !== null ? null : openIndex(target.path, 'write')
  if (database !== null && before !== null) {
    const problem = `${reason}; the edition before it is used`
    writeFeedRow(database, { ...before, facts: { ...before.facts, problem }, stamp })
    database.close()
    return
  }
  const facts = factsOfNothing(place.id, reason)
  await makeIndex(target.path, async (made) => {
    writeFeedRow(made, { facts, code, stamp, ahead: null })
    return true
  })
}

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { FeedPlace, Refusal, UnavailableCode } from '@upkeep/contract'
import { digestOfBlocks } from './blocks.ts'
import { expectedDigests } from './expected-digest.ts'
import { type FeedRow, factsFromPieces, factsOfNothing, readFeedRow, writeFeedRow } from './feed-facts.ts'
import { type FeedFiles, feedFiles, manifestName } from './feed-files.ts'
import { type ExpectedSignature, expectedSignature } from './feed-signature.ts'
import { latestBelieved } from './feed-sink.ts'
import { indexVersion, makeIndex, openIndex } from './index-file.ts'
import { IndexWriter } from './index-writer.ts'
import { folderDigest, judgeManifest, readManifest } from './pack-manifest.ts'
import { readOneFile } from './read-one-file.ts'
import { readBlocks } from './read-pieces.ts'
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
  signature?: 'failed' | undefined
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
  const signing = expectedSignature(signedFile(place.path, files), place)
  const owner = `${JSON.stringify([indexVersion, place.id, place.source, place.sha256, place.key])}\n`
  const stamp = `${owner}${JSON.stringify([expected, signing])}\n${files.state === 'present' ? files.stamp : files.reason}`
  const known = openIndex(path, 'read')
  if (known !== null && isCurrent(readFeedRow(known), stamp, call.at)) return known
  const kept = known === null ? null : readFeedRow(known)
  // What was read before the owner named a key or a digest was not held to it, and is no edition to go on with.
  const before = kept?.stamp.startsWith(owner) ? kept : null
  known?.close()
  const target = { place, path, owner, stamp, before, expected, signing }
  const failure = files.state === 'present' ? await readAnew(target, files, call) : files
  if (failure !== null) await noteFailure(target, failure)
  const opened = openIndex(path, 'read')
  if (opened === null) throw new Error('the index of a feed cannot be opened after it was written')
  return opened
}

/** Of a folder only its manifest can be signed, which has the digest of everything else. */
function signedFile(path: string, files: FeedFiles | Refusal): string {
  return files.state === 'present' && files.kind === 'folder' ? join(path, manifestName) : path
}

function isCurrent({ stamp, ahead }: FeedRow, now: string, at: string): boolean {
  return stamp === now && (ahead === null || ahead > at)
}

interface Target {
  place: PlacedFeed
  path: string
  /** What the owner says of the feed: the first line of the stamp. */
  owner: string
  stamp: string
  before: FeedRow | null
  expected: ReturnType<typeof expectedDigests>
  signing: ExpectedSignature
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
  const { expected, signing } = target
  const read = { writer, latest: latestBelieved(at), signal, expected, signing }
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
    unread: done.unread,
    signature: done.signature,
  })
}

/** A folder with a manifest is a pack, and has to be what its manifest says. */
function concludeFolder(database: DatabaseSync, writer: IndexWriter, target: Target, files: FeedFiles): Failure | null {
  if (target.place.sha256 !== undefined) {
    return {
      code: 'malformed',
      reason: 'a SHA-256 is named for it, and a folder has none: name one in its manifest.json',
    }
  }
  const manifest = readManifest(files.root)
  if (typeof manifest === 'string') return { code: 'malformed', reason: manifest }
  const names = () => files.files.map((file) => file.relative)
  const digest = manifest === null ? digestOfBlocks(database) : folderDigest(database, names())
  const { id, source } = target.place
  const judged = judgeManifest(files.root, target.signing)
  if (judged.state === 'failed') return { code: 'malformed', reason: judged.reason, signature: 'failed' }
  const signature = judged.state
  const unread = files.others.map((one) => one.relative)
  const { problems } = files
  const about = { id, source: source ?? `folder ${id}`, digest, mayBeWhole: false, problems, unread, signature }
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
async function noteFailure(target: Target, { code, reason, signature }: Failure): Promise<void> {
  const { before, place } = target
  const signed = signature === undefined ? {} : { signature }
  const stamp = code === 'timed-out' ? target.owner : target.stamp
  const database = before === null || before.code !== null ? null : openIndex(target.path, 'write')
  if (database !== null && before !== null) {
    const problem = `${reason}; the edition before it is used`
    writeFeedRow(database, { ...before, facts: { ...before.facts, ...signed, problem }, stamp })
    database.close()
    return
  }
  const facts = { ...factsOfNothing(place.id, reason), ...signed }
  await makeIndex(target.path, async (made) => {
    writeFeedRow(made, { facts, code, stamp, ahead: null })
    return true
  })
}

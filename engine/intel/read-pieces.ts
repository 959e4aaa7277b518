import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { readIntoRoom } from '../ports/files-read.ts'
import type { Block, FeedFile } from './blocks.ts'
import type { ExpectedDigest } from './expected-digest.ts'
import { stampOf } from './feed-files.ts'
import { type ExpectedSignature, judgeSignature, type SignatureState } from './feed-signature.ts'
import type { FeedForm, ReadContext } from './feed-sink.ts'
import type { IndexWriter } from './index-writer.ts'
import { readDocument } from './read-document.ts'
import { readOnce } from './read-once.ts'
import { type FormCount, severalKinds } from './several-kinds.ts'
import { isZip, listZip, type NotUnpacked } from './zip-entries.ts'

const maxFeedBytes = 1 << 30
const maxFileBytes = 64 << 20
const maxRecordBytes = 8 << 20
const bounds = { maxEntries: 1_000_000, maxDeclaredBytes: 8 * 2 ** 30 }
const recordsPerTurn = 1_000
/** Nearly every record fits in it, and is read with one call. */
const roomBytes = 1 << 18

/** Why reading was given up; a feed that is given up keeps what was known of it before. */
export interface GivenUp {
  code: 'malformed' | 'too-large' | 'timed-out' | 'permission-denied' | 'unreachable'
  reason: string
  signature?: 'failed' | undefined
}

export interface ReadCall {
  writer: IndexWriter
  latest: string
  signal: { readonly aborted: boolean }
}

interface FileCall extends ReadCall {
  /** What the owner, or files beside the feed, say of its digest. */
  expected: readonly ExpectedDigest[]
  signing: ExpectedSignature
}

const outOfTime: GivenUp = { code: 'timed-out', reason: 'time was up before all of it was read' }

/** Reads files of a folder block by block, each file a piece of its own. */
export async function readBlocks(blocks: readonly Block[], call: ReadCall): Promise<GivenUp | null> {
  const room = Buffer.allocUnsafeSlow(roomBytes)
  for (const { id, files, stamp } of blocks) {
    call.writer.openBlock(id)
    for (const [index, file] of files.entries()) {
      if (index % recordsPerTurn === 0) await nextTurn()
      if (call.signal.aborted) return outOfTime
      readPiece(file, room, call)
    }
    call.writer.closeBlock(stamp)
  }
  return null
}

function readPiece(file: FeedFile, room: Buffer, { writer, latest }: ReadCall): void {
  const { relative, stamp } = file
  writer.begin(relative, stamp)
  const read = readUnchanged(file, room) ?? readOnce(file.path, maxRecordBytes)
  const reason = read.state === 'present' ? '' : read.state === 'absent' ? 'it is gone' : read.reason
  if (read.state !== 'present') writer.reject(relative, reason)
  const bytes = read.state === 'present' ? read.bytes : Buffer.from(reason)
  const form = read.state === 'present' ? readDocument(bytes, { name: relative, latest }, writer) : null
  writer.end(sha256Of(bytes), form)
}

/** The bytes of a file that is still what was listed, in a room that the next one takes over; null leaves it to the thorough way. */
function readUnchanged({ path, stamp }: FeedFile, room: Buffer): { state: 'present'; bytes: Buffer } | null {
  const read = readIntoRoom(path, room)
  const unchanged = read !== null && stampOf(read.facts) === stamp
  return unchanged ? { state: 'present', bytes: room.subarray(0, read.bytes) } : null
}

/** What one file was. */
interface ReadFile {
  digest: string
  zip: boolean
  /** Names of files in a zip that are not read. */
  unread: readonly string[]
  signature: SignatureState
}

/** Reads one file: a zip of records, or one document. */
export async function readOneFile(file: FeedFile, call: FileCall): Promise<GivenUp | ReadFile> {
  const found = readOnce(file.path, maxFeedBytes)
  if (found.state === 'absent') return { code: 'unreachable', reason: 'it is gone' }
  if (found.state === 'unavailable') return { code: asCode(found.code), reason: found.reason }
  const { bytes } = found
  const digest = sha256Of(bytes)
  const wrong = call.expected.find((one) => hash(one.algorithm, bytes) !== one.hex)
  if (wrong !== undefined) return { code: 'malformed', reason: `it does not have the digest that ${wrong.saidBy} says` }
  const signed = judgeSignature(call.signing, bytes)
  if (signed.state === 'failed') return { code: 'malformed', reason: signed.reason, signature: 'failed' }
  call.writer.begin('', file.stamp)
  const zip = isZip(bytes)
  const read = zip ? await readZip(bytes, digest, call) : readPlain(bytes, digest, call)
  call.writer.closeBlock(file.stamp)
  return 'code' in read ? read : { ...read, digest, zip, signature: signed.state }
}

function asCode(code: string): GivenUp['code'] {
  return code === 'permission-denied' || code === 'too-large' ? code : 'unreachable'
}

function readPlain(bytes: Buffer, digest: string, { writer, latest }: ReadCall): GivenUp | Unread {
  if (bytes.length > maxFileBytes) return { code: 'too-large', reason: `larger than ${maxFileBytes} bytes` }
  const outcome = { reasons: [] as string[] }
  const form = readDocument(bytes, { name: 'the file', latest }, watched(writer, outcome.reasons))
  if (form === null) return { code: 'malformed', reason: outcome.reasons[0] ?? 'nothing in it could be read' }
  writer.end(digest, form)
  return { unread: [] }
}

type Unread = Pick<ReadFile, 'unread'>

/** The writer, with the reasons of what it refuses told: one file that cannot be read at all is no feed. */
function watched(writer: IndexWriter, reasons: string[]): Parameters<typeof readDocument>[2] {
  return {
    advisory: (one) => writer.advisory(one),
    statement: (names, one) => writer.statement(names, one),
    signal: (cve, one) => writer.signal(cve, one),
    indicator: (one) => writer.indicator(one),
    quarantine: (record, reason, until) => writer.quarantine(record, reason, until),
    dated: (instant) => writer.dated(instant),
    problem: (reason) => writer.problem(reason),
    reject(record, reason) {
      reasons.push(reason)
      writer.reject(record, reason)
    },
  }
}

async function readZip(bytes: Buffer, digest: string, { writer, latest, signal }: ReadCall): Promise<GivenUp | Unread> {
  const listed = await listZip(bytes, bounds)
  if (typeof listed === 'string') return { code: 'malformed', reason: listed }
  for (const name of listed.leadElsewhere) writer.quarantine(name, 'its name leads out of the folder')
  const forms = new Map<FeedForm, FormCount>()
  const unread: string[] = []
  for (const [index, entry] of listed.entries.entries()) {
    if (index % recordsPerTurn === 0) await nextTurn()
    if (signal.aborted) return outOfTime
    if (!entry.name.endsWith('.json')) {
      unread.push(entry.name)
      continue
    }
    const form = readEntry(entry.name, entry.unpack(maxRecordBytes), { name: entry.name, latest }, writer)
    if (form !== null) countForm(forms, form, entry.name)
  }
  const counts = [...forms.values()].sort((a, b) => b.files - a.files)
  const mixed = severalKinds(counts)
  if (mixed !== null) writer.problem(mixed)
  writer.end(digest, counts[0]?.form ?? null)
  return { unread }
}

function countForm(forms: Map<FeedForm, FormCount>, form: FeedForm, name: string): void {
  const known = forms.get(form)
  if (known === undefined) forms.set(form, { form, files: 1, first: name })
  else known.files += 1
}

function readEntry(
  name: string,
  unpacked: Buffer | NotUnpacked,
  context: ReadContext,
  writer: IndexWriter,
): FeedForm | null {
  if (Buffer.isBuffer(unpacked)) return readDocument(unpacked, context, writer)
  if (unpacked.bomb) writer.quarantine(name, unpacked.reason)
  else writer.reject(name, unpacked.reason)
  return null
}

function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes)
}

import { hash } from 'node:crypto'
import { readIntoRoom } from '../ports/files-read.ts'
import type { FeedFile } from './blocks.ts'
import type { FeedForm, ReadContext } from './feed-sink.ts'
import { type Note, noteTaker } from './note-taker.ts'
import { readDocument } from './read-document.ts'
import { readOnce } from './read-once.ts'
import { type PackedEntry, unpackEntry } from './zip-entries.ts'

/** One document of a feed, read and judged: what it told, ready to be written. */
export interface VettedDocument {
  form: FeedForm | null
  /** The digest of its bytes, or of why they could not be had; empty for part of a zip. */
  sha256: string
  notes: Note[]
}

/** Some documents of one feed. */
export type VetJob = { files: readonly FeedFile[] } | { entries: readonly PackedEntry[] }

/** What every job of one feed needs. */
export interface VetSource {
  latest: string
  /** The zip that entries are in. */
  zip: Buffer | null
}

const maxRecordBytes = 8 << 20
/** Nearly every record fits in it, and is read with one call. */
const roomBytes = 1 << 18
let room: Buffer | null = null

/** Reads and judges documents; writes nothing, so that any thread can do it. */
export function vetDocuments(job: VetJob, { latest, zip }: VetSource): VettedDocument[] {
  if ('files' in job) return job.files.map((file) => vetFile(file, latest))
  if (zip === null) throw new Error('entries of a zip, and no zip')
  return job.entries.map((entry) => vetEntry(zip, entry, latest))
}

function vetFile(file: FeedFile, latest: string): VettedDocument {
  const read = readUnchanged(file) ?? readOnce(file.path, maxRecordBytes)
  if (read.state === 'present') return vet(read.bytes, { name: file.relative, latest }, hash('sha256', read.bytes))
  const reason = read.state === 'absent' ? 'it is gone' : read.reason
  return { form: null, sha256: hash('sha256', reason), notes: [['reject', file.relative, reason]] }
}

/** The bytes of a file that is still what was listed, in a room that the next one takes over; null leaves it to the thorough way. */
function readUnchanged({ path, facts }: FeedFile): { state: 'present'; bytes: Buffer } | null {
  room ??= Buffer.allocUnsafeSlow(roomBytes)
  const read = readIntoRoom(path, room)
  if (read === null || read.stamp.some((fact, at) => fact !== facts[at])) return null
  return { state: 'present', bytes: room.subarray(0, read.bytes) }
}

function vetEntry(zip: Buffer, entry: PackedEntry, latest: string): VettedDocument {
  const { name } = entry
  const unpacked = unpackEntry(zip, entry, maxRecordBytes)
  if (Buffer.isBuffer(unpacked)) return vet(unpacked, { name, latest }, '')
  return { form: null, sha256: '', notes: [[unpacked.bomb ? 'quarantine' : 'reject', name, unpacked.reason]] }
}

function vet(bytes: Buffer, context: ReadContext, sha256: string): VettedDocument {
  const notes: Note[] = []
  const form = readDocument(bytes, context, noteTaker(notes))
  return { form, sha256, notes }
}

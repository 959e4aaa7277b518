import { hash } from 'node:crypto'
import { type FeedFile, stampOf } from './blocks.ts'
import type { ExpectedDigest } from './expected-digest.ts'
import { type ExpectedSignature, judgeSignature, type SignatureState } from './feed-signature.ts'
import type { FeedForm } from './feed-sink.ts'
import type { IndexWriter } from './index-writer.ts'
import { tellNotes } from './note-taker.ts'
import { readDocument } from './read-document.ts'
import { readShared } from './read-once.ts'
import { type GivenUp, outOfTime, type ReadCall } from './read-pieces.ts'
import { type FormCount, severalKinds } from './several-kinds.ts'
import type { VetJob } from './vet-documents.ts'
import { documentsPerJob, VetPool } from './vet-pool.ts'
import { isZip, listZip, type ZipEntry } from './zip-entries.ts'

const maxFeedBytes = 1 << 30
const maxFileBytes = 64 << 20
const bounds = { maxEntries: 1_000_000, maxDeclaredBytes: 8 * 2 ** 30 }

interface FileCall extends ReadCall {
  /** What the owner, or files beside the feed, say of its digest. */
  expected: readonly ExpectedDigest[]
  signing: ExpectedSignature
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
  const found = readShared(file.path, maxFeedBytes)
  if (found.state === 'absent') return { code: 'unreachable', reason: 'it is gone' }
  if (found.state === 'unavailable') return { code: asCode(found.code), reason: found.reason }
  const { bytes } = found
  const digest = hash('sha256', bytes)
  const wrong = call.expected.find((one) => hash(one.algorithm, bytes) !== one.hex)
  if (wrong !== undefined) return { code: 'malformed', reason: `it does not have the digest that ${wrong.saidBy} says` }
  const signed = judgeSignature(call.signing, bytes)
  if (signed.state === 'failed') return { code: 'malformed', reason: signed.reason, signature: 'failed' }
  const stamp = stampOf(file)
  call.writer.begin('', stamp)
  const zip = isZip(bytes)
  const read = zip ? await readZip(bytes, digest, call) : readPlain(bytes, digest, call)
  call.writer.closeBlock(stamp)
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

async function readZip(
  bytes: Buffer<SharedArrayBuffer>,
  digest: string,
  { writer, latest, signal }: ReadCall,
): Promise<GivenUp | Unread> {
  const listed = await listZip(bytes, bounds)
  if (typeof listed === 'string') return { code: 'malformed', reason: listed }
  for (const name of listed.leadElsewhere) writer.quarantine(name, 'its name leads out of the folder')
  const { true: read = [], false: others = [] } = Object.groupBy(listed.entries, ({ name }) =>
    name.endsWith('.json') ? 'true' : 'false',
  )
  const pool = new VetPool({ latest, zip: bytes, documents: read.length })
  const forms = new Map<FeedForm, FormCount>()
  try {
    let at = 0
    for await (const documents of pool.inOrder(inJobs(read))) {
      if (signal.aborted) return outOfTime
      for (const { notes, form } of documents) {
        tellNotes(notes, writer)
        if (form !== null) countForm(forms, form, read[at]?.name ?? '')
        at += 1
      }
    }
  } finally {
    await pool.close()
  }
  const counts = [...forms.values()].sort((a, b) => b.files - a.files)
  const mixed = severalKinds(counts)
  if (mixed !== null) writer.problem(mixed)
  writer.end(digest, counts[0]?.form ?? null)
  return { unread: others.map(({ name }) => name) }
}

function* inJobs(entries: readonly ZipEntry[]): Generator<VetJob> {
  for (let at = 0; at < entries.length; at += documentsPerJob) {
    yield { entries: entries.slice(at, at + documentsPerJob).map(({ packed }) => packed) }
  }
}

function countForm(forms: Map<FeedForm, FormCount>, form: FeedForm, name: string): void {
  const known = forms.get(form)
  if (known === undefined) forms.set(form, { form, files: 1, first: name })
  else known.files += 1
}

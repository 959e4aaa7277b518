import { createHash } from 'node:crypto'
import type { FilesPort } from '@upkeep/contract'
import { type FeedReading, FeedTally, unreadable, type Wanted } from './feed-tally.ts'
import { readFolder } from './read-folder.ts'
import { listZip } from './zip-entries.ts'

/** What reading a feed needs: the files, what to look for, and when to stop. */
export interface FeedLook {
  files: FilesPort
  wanted: Wanted
  signal: { readonly aborted: boolean }
}

const maxFeedBytes = 1 << 30
const maxFileBytes = 64 << 20
const maxRecordBytes = 8 << 20
const bounds = { maxEntries: 1_000_000, maxDeclaredBytes: 8 * 2 ** 30 }

/** Reads one feed: a folder of records, a zip of them, or one file with a record or a list of records. */
export async function readFeed(path: string, look: FeedLook): Promise<FeedReading> {
  const real = look.files.resolve(path)
  if (real.state === 'absent') return unreadable(path, 'not-configured', 'nothing is there')
  if (real.state === 'unavailable') return unreadable(path, real.code, real.reason)
  const facts = look.files.inspect(real.path)
  if (facts.state === 'present' && facts.type === 'folder') return readFolder(path, { ...look, root: real.path })
  const read = look.files.read(real.path, maxFeedBytes)
  if (read.state === 'absent') return unreadable(path, 'not-configured', 'nothing is there')
  if (read.state === 'unavailable') return unreadable(path, read.code, read.reason)
  const bytes = Buffer.from(read.bytes.buffer, read.bytes.byteOffset, read.bytes.byteLength)
  return isZip(bytes) ? readZip(path, bytes, look) : readFile(path, bytes, look)
}

function isZip(bytes: Buffer): boolean {
  return bytes.length > 21 && bytes[0] === 0x50 && bytes[1] === 0x4b
}

async function readZip(path: string, bytes: Buffer, look: FeedLook): Promise<FeedReading> {
  const entries = await listZip(bytes, bounds)
  if (typeof entries === 'string') return unreadable(path, 'malformed', entries)
  const tally = new FeedTally(path, look.wanted)
  const about = { source: `zip ${path}`, digest: digestOf(bytes) }
  for (const entry of entries) {
    if (!entry.name.endsWith('.json')) continue
    tally.take(entry.name, entry.unpack(maxRecordBytes))
    if (await tally.pause(look.signal)) return tally.reading({ ...about, complete: [], problem: 'time was up' })
  }
  return tally.reading({ ...about, complete: tally.wholeEcosystems() })
}

function readFile(path: string, bytes: Buffer, look: FeedLook): FeedReading {
  if (bytes.length > maxFileBytes) return unreadable(path, 'too-large', `larger than ${maxFileBytes} bytes`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return unreadable(path, 'malformed', 'neither a zip nor JSON in UTF-8')
  }
  const tally = new FeedTally(path, look.wanted)
  for (const [index, record] of (Array.isArray(value) ? value : [value]).entries()) {
    tally.take(`record ${index}`, bytesOf(record))
  }
  return tally.reading({ source: `file ${path}`, digest: digestOf(bytes), complete: [] })
}

function bytesOf(record: unknown): Buffer | string {
  try {
    return Buffer.from(JSON.stringify(record))
  } catch {
    return 'nested too deeply'
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

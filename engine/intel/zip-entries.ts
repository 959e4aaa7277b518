import { crc32, inflateRawSync } from 'node:zlib'
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import { kindOfBytes } from './kind-of-bytes.ts'

/** One file of a zip, not unpacked yet. */
export interface ZipEntry {
  name: string
  /** Bytes once unpacked, as the zip declares them; what is really unpacked is never more. */
  size: number
  /** Where it lies in the zip, and how it is packed. */
  packed: PackedEntry
  /** Unpacks it, at most `maxBytes`, or says why it cannot be. */
  unpack(maxBytes: number): Buffer | NotUnpacked
}

/** What unpacking an entry takes; the reader's own entries are large, and a zip may hold a million. */
export interface PackedEntry {
  name: string
  at: number
  method: number
  packed: number
  size: number
  crc: number
  encrypted: boolean
}

/** An entry that is not read: damaged, or a bomb, which is larger than it may be or says. */
export interface NotUnpacked {
  bomb: boolean
  reason: string
}

/** What a zip holds: its files, and the names that would lead out of a folder it is unpacked to. */
export interface ZipListing {
  entries: ZipEntry[]
  leadElsewhere: string[]
}

/** What a zip may hold at most. */
export interface ZipBounds {
  maxEntries: number
  /** Sum of the sizes that the zip declares; what is really unpacked is bounded entry by entry. */
  maxDeclaredBytes: number
}

const localHeader = 0x04034b50
const localHeaderBytes = 30

/** True for what begins as a zip does, however little of it there is. */
export function isZip(bytes: Uint8Array): boolean {
  const next = bytes[2] === 0x03 ? 0x04 : bytes[2] === 0x05 ? 0x06 : -1
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[3] === next
}

function notOpened(bytes: Buffer): string {
  if (isZip(bytes)) return 'it is a zip that is cut off or damaged: its list of files cannot be found'
  const kind = kindOfBytes(bytes)
  return kind === null ? 'it is no zip' : `it is no zip: it is ${kind}`
}

/** Lists a zip's files. Nothing is ever written to a path that the zip names; names that lead elsewhere are left out all the same. */
export async function listZip(zip: Buffer, bounds: ZipBounds): Promise<ZipListing | string> {
  const opened = await open(zip)
  if (opened === null) return notOpened(zip)
  if (opened.entryCount > bounds.maxEntries) return `it holds more than ${bounds.maxEntries} files`
  const entries: ZipEntry[] = []
  const leadElsewhere: string[] = []
  let declared = 0
  try {
    for await (const entry of opened.eachEntry()) {
      declared += entry.uncompressedSize
      if (declared > bounds.maxDeclaredBytes) return `it unpacks to more than ${bounds.maxDeclaredBytes} bytes`
      const name = entry.fileNameRaw.toString('utf8')
      if (name.endsWith('/')) continue
      if (isPlainPath(name)) entries.push(entryOf(zip, name, entry))
      else leadElsewhere.push(name)
    }
  } catch {
    return 'its list of files is damaged'
  }
  return { entries, leadElsewhere }
}

function entryOf(zip: Buffer, name: string, entry: Entry): ZipEntry {
  const packed: PackedEntry = {
    name,
    at: entry.relativeOffsetOfLocalHeader,
    method: entry.compressionMethod,
    packed: entry.compressedSize,
    size: entry.uncompressedSize,
    crc: entry.crc32,
    encrypted: entry.isEncrypted(),
  }
  return { name, size: packed.size, packed, unpack: (maxBytes) => unpackEntry(zip, packed, maxBytes) }
}

function open(zip: Buffer): Promise<ZipFile | null> {
  return new Promise((resolve) => {
    // Names stay bytes: the reader would otherwise stop at the first hostile one.
    fromBuffer(zip, { lazyEntries: true, decodeStrings: false }, (error, opened) => resolve(error ? null : opened))
  })
}

function isPlainPath(name: string): boolean {
  if (name.startsWith('/') || name.includes('\\') || name.includes('\0')) return false
  return !/^[A-Za-z]:/.test(name) && !name.split('/').includes('..')
}

/** Unpacks an entry of a zip, at most `maxBytes`, or says why it cannot be. */
export function unpackEntry(zip: Buffer, entry: PackedEntry, maxBytes: number): Buffer | NotUnpacked {
  if (entry.size > maxBytes) return bomb(`larger than ${maxBytes} bytes`)
  if (entry.encrypted) return broken('encrypted')
  const at = entry.at
  if (at + localHeaderBytes > zip.length || zip.readUInt32LE(at) !== localHeader) return broken('damaged')
  const start = at + localHeaderBytes + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28)
  const packed = zip.subarray(start, start + entry.packed)
  const bytes = inflate(packed, entry, maxBytes)
  if (!Buffer.isBuffer(bytes)) return bytes
  return bytes.length === entry.size && crc32(bytes) === entry.crc ? bytes : broken('damaged')
}

function inflate(packed: Buffer, entry: PackedEntry, maxBytes: number): Buffer | NotUnpacked {
  if (entry.method === 0) return packed.length <= maxBytes ? packed : bomb(`larger than ${maxBytes} bytes`)
  if (entry.method !== 8) return broken('packed in a way that is not known')
  try {
    // The size that an entry declares is the most it may come to: one byte more is a bomb.
    const size = Math.max(1, entry.size)
    return inflateRawSync(packed, { maxOutputLength: size, chunkSize: Math.max(64, size) })
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return tooLarge ? bomb('it unpacks to more than it says') : broken('damaged')
  }
}

function bomb(reason: string): NotUnpacked {
  return { bomb: true, reason }
}

function broken(reason: string): NotUnpacked {
  return { bomb: false, reason }
}

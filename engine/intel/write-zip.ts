import { crc32, deflateRawSync } from 'node:zlib'

/** A file to be put in a zip. */
export interface ZipMember {
  name: string
  bytes: Uint8Array
  /** True stores it as it is, for what is packed already. */
  packed?: boolean
}

const maxOffset = 0xffff_ffff
const maxCount = 0xffff
/** 1 January 1980, the first day that a zip can name: the same content gives the same bytes, whenever it is packed. */
const firstDay = 0x0021

/**
 * Packs files in the order given, piece by piece into `put`. The same files give the same bytes.
 */
export async function writeZip(
  members: Iterable<ZipMember> | AsyncIterable<ZipMember>,
  put: (piece: Uint8Array) => Promise<void>,
): Promise<number> {
  const directory: Buffer[] = []
  let offset = 0
  async function out(piece: Uint8Array): Promise<void> {
    await put(piece)
    offset += piece.length
    if (offset > maxOffset) throw new RangeError('a zip cannot be larger than 4 GiB here')
  }
  for await (const { name, bytes, packed = false } of members) {
    const body = !packed ? deflateRawSync(bytes, { level: 6 }) : bytes
    const title = Buffer.from(name)
    const sizes = { pack: !packed, crc: crc32(bytes), packed: body.length, size: bytes.length, name: title.length }
    const entry = header(0x02014b50, 46, sizes)
    entry.writeUInt32LE(offset, 42)
    directory.push(entry, title)
    await out(header(0x04034b50, 30, sizes))
    await out(title)
    await out(body)
  }
  const start = offset
  const listing = Buffer.concat(directory)
  await out(listing)
  await out(ending({ count: directory.length / 2, start, length: listing.length }))
  return offset
}

interface Sizes {
  pack: boolean
  crc: number
  packed: number
  size: number
  name: number
}

function header(signature: number, length: number, { pack, crc, packed, size, name }: Sizes): Buffer {
  const bytes = Buffer.alloc(length)
  // The central header has one more version field in front.
  const shift = length === 46 ? 2 : 0
  bytes.writeUInt32LE(signature, 0)
  if (shift > 0) bytes.writeUInt16LE(45, 4)
  bytes.writeUInt16LE(45, 4 + shift)
  // Names are UTF-8.
  bytes.writeUInt16LE(0x0800, 6 + shift)
  bytes.writeUInt16LE(pack ? 8 : 0, 8 + shift)
  bytes.writeUInt16LE(firstDay, 12 + shift)
  bytes.writeUInt32LE(crc, 14 + shift)
  bytes.writeUInt32LE(packed, 18 + shift)
  bytes.writeUInt32LE(size, 22 + shift)
  bytes.writeUInt16LE(name, 26 + shift)
  return bytes
}

/** The end of a zip; one with more files than its own count can say has the longer form before it. */
function ending({ count, start, length }: { count: number; start: number; length: number }): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, maxCount), 8)
  end.writeUInt16LE(Math.min(count, maxCount), 10)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(start, 16)
  if (count < maxCount) return end
  const longer = Buffer.alloc(56)
  longer.writeUInt32LE(0x06064b50, 0)
  longer.writeBigUInt64LE(44n, 4)
  longer.writeUInt16LE(45, 12)
  longer.writeUInt16LE(45, 14)
  longer.writeBigUInt64LE(BigInt(count), 24)
  longer.writeBigUInt64LE(BigInt(count), 32)
  longer.writeBigUInt64LE(BigInt(length), 40)
  longer.writeBigUInt64LE(BigInt(start), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(start + length), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([longer, locator, end])
}

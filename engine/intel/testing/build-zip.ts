import { crc32, deflateRawSync } from 'node:zlib'

/** A file to be put in a zip for a test; `declaredSize` lies about how large it is. */
export interface ZipInput {
  name: string
  bytes: Buffer
  declaredSize?: number
  crc?: number
}

/** Writes a zip byte by byte, so that tests can also write those that lie. */
export function buildZip(inputs: readonly ZipInput[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const input of inputs) {
    const packed = deflateRawSync(input.bytes)
    const name = Buffer.from(input.name)
    const local = Buffer.concat([header(0x04034b50, 30, input, packed, name), name, packed])
    const entry = header(0x02014b50, 46, input, packed, name)
    entry.writeUInt32LE(offset, 42)
    locals.push(local)
    central.push(entry, name)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(inputs.length, 8)
  end.writeUInt16LE(inputs.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

function header(signature: number, length: number, input: ZipInput, packed: Buffer, name: Buffer): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32LE(signature, 0)
  // The central header has one more version field in front.
  const shift = length === 46 ? 2 : 0
  bytes.writeUInt16LE(20, 4 + shift)
  bytes.writeUInt16LE(8, 8 + shift)
  bytes.writeUInt32LE(input.crc ?? crc32(input.bytes), 14 + shift)
  bytes.writeUInt32LE(packed.length, 18 + shift)
  bytes.writeUInt32LE(input.declaredSize ?? input.bytes.length, 22 + shift)
  bytes.writeUInt16LE(name.length, 26 + shift)
  return bytes
}

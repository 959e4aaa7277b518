import { createHash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** A row of the table of objects. `encoding` is `plain` or `zstd`; `size` counts the bytes before it. */
export interface StoredObject {
  readonly digest: string
  readonly encoding: string
  readonly size: number
  readonly body: Uint8Array
}

/** Below this a compressor costs more time than the disk does. */
const worthTrying = 1_024
/** Nothing that we store is larger: a stored size beyond it was altered, and must not become an allocation. */
const largest = 1 << 30

/** A text as it is stored: compressed when that saves at least a tenth. */
export function pack(text: string): StoredObject {
  const bytes = Buffer.from(text, 'utf8')
  const plain = { digest: digestOfBytes(bytes), encoding: 'plain', size: bytes.length, body: bytes }
  if (bytes.length < worthTrying) return plain
  const body = zstdCompressSync(bytes)
  return body.length <= bytes.length * 0.9 ? { ...plain, encoding: 'zstd', body } : plain
}

/** The bytes of a stored object, not yet compared with its name; null when they cannot be had. */
export function unpack({ encoding, size, body }: StoredObject): Buffer | null {
  if (encoding === 'plain') return Buffer.from(body)
  if (encoding !== 'zstd' || size < 0 || size > largest) return null
  try {
    return zstdDecompressSync(body, { maxOutputLength: Math.max(size, 1) })
  } catch {
    return null
  }
}

/** SHA-256, lower-case hex. */
export function digestOfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

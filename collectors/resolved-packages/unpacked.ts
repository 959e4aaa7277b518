import { createHash } from 'node:crypto'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

/** What came out of a compressed piece; text: why it could not be taken out. */
export function unpacked(bytes: Uint8Array, maxBytes: number): Uint8Array | string {
  const compressed = formOf(bytes)
  if (compressed === null) return bytes.length > maxBytes ? tooLarge(maxBytes) : bytes
  try {
    // Node stops at the bound instead of filling memory: an archive that swells without end ends there.
    return new Uint8Array(compressed(bytes, { maxOutputLength: maxBytes }))
  } catch (error) {
    const swollen = error instanceof RangeError
    return swollen ? tooLarge(maxBytes) : 'it is damaged or ends too early'
  }
}

function formOf(bytes: Uint8Array): typeof gunzipSync | typeof zstdDecompressSync | null {
  const [a, b, c, d] = bytes
  if (a === 0x1f && b === 0x8b) return gunzipSync
  return a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd ? zstdDecompressSync : null
}

function tooLarge(maxBytes: number): string {
  return `it is larger than ${maxBytes} bytes once unpacked`
}

/** The SHA-256 of bytes, as image digests write it. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

import { createHash } from 'node:crypto'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { ArchivesPort } from '@upkeep/contract/ports'
import { refusal } from './files-refusal.ts'

/** Unpacking with the libraries that come with Node. */
export const archives: ArchivesPort = {
  architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
  unpack(bytes, maxBytes) {
    const unpacked = unpackerFor(bytes)
    if (unpacked === null) return bytes.length > maxBytes ? tooLarge(maxBytes) : { state: 'present', bytes }
    try {
      // Node stops at the bound instead of filling memory: an archive that swells without end ends there.
      return { state: 'present', bytes: new Uint8Array(unpacked(bytes, { maxOutputLength: maxBytes })) }
    } catch (error) {
      return error instanceof RangeError ? tooLarge(maxBytes) : refusal('malformed', 'it is damaged or ends too early')
    }
  },
  sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
}

function unpackerFor(bytes: Uint8Array): typeof gunzipSync | typeof zstdDecompressSync | null {
  const [a, b, c, d] = bytes
  if (a === 0x1f && b === 0x8b) return gunzipSync
  return a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd ? zstdDecompressSync : null
}

function tooLarge(maxBytes: number): ReturnType<typeof refusal> {
  return refusal('too-large', `it is larger than ${maxBytes} bytes once unpacked`)
}

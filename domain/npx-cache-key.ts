import { sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * The name of the folder in which npx keeps what it installs for a command: the first sixteen hex digits of the SHA-512 of the packages
 * as they were written, sorted, one a line. A version that is written makes another folder than none (`pkg@1.0.0`, `pkg`).
 */
export function npxCacheKey(packages: readonly string[]): string {
  const sorted = [...packages].sort((a, b) => a.localeCompare(b, 'en'))
  return bytesToHex(sha512(utf8ToBytes(sorted.join('\n')))).slice(0, 16)
}

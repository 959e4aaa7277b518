import { fromBase64 } from '../base64.ts'

/**
 * Where a package's tarball is kept, below the folder of kept objects: by the SHA-512 that its integrity names. Null where it names none,
 * since nothing weaker is kept by.
 */
export function keptPath(integrity: string): string | null {
  const encoded = integrity
    .split(' ')
    .find((sum) => sum.startsWith('sha512-'))
    ?.slice('sha512-'.length)
  const bytes = encoded?.length === 88 ? fromBase64(encoded) : null
  if (bytes?.length !== 64) return null
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `sha512/${hex.slice(0, 2)}/${hex.slice(2)}`
}

import { hash } from 'node:crypto'

/** SHA-256 of a text's UTF-8 or of bytes, lower-case hex: what `digestOfText` of the domain gives, by the machine's own code. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex')
}

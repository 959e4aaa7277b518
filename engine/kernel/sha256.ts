import { hash } from 'node:crypto'

/** SHA-256 of a text's UTF-8, lower-case hex: what `digestOfText` of the domain gives, by the machine's own code. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

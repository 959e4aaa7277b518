import { printable } from './printable.ts'

const plain = /^[A-Za-z0-9@%+=:,./_][A-Za-z0-9@%+=:,./_-]*$/

/**
 * A word of somebody else's inside a command that we print for copying: as it is where a shell takes it as it is, else between single quotes, with
 * what no reader sees escaped. So a server with a name such as `x; rm -r ~` is still one word.
 */
export function shellWord(text: string): string {
  return plain.test(text) ? text : `'${printable(text, { maxLength: 200 }).replaceAll("'", "'\\''")}'`
}

const beginnings: readonly (readonly [string, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['an xz archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a 7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
]
const tarMark = 257
const looked = 512

/** What bytes are that were taken for something else, as far as their beginning tells; null where it does not. */
export function kindOfBytes(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'empty'
  const known = beginnings.find(([, start]) => start.every((byte, at) => bytes[at] === byte))
  if (known !== undefined) return known[0]
  if (textAt(bytes, tarMark, tarMark + 5) === 'ustar') return 'a tar archive'
  const start = textAt(bytes, 0, looked)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (/^<(?:!doctype html|html)/i.test(start)) return 'a web page'
  if (/^[[{]/.test(start)) return 'JSON'
  // Control characters stand in no text; bytes above ASCII are letters of some language.
  return /^[^\u0000-\u0008\u000e-\u001f\u007f]+$/.test(start) ? 'text' : null
}

function textAt(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('latin1')
}

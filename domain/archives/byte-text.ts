const chunk = 8_192

/** Bytes as text, one character each. */
export function latinText(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += chunk) text += String.fromCharCode(...bytes.subarray(at, at + chunk))
  return text
}

/** Bytes as UTF-8, whatever is broken replaced. This floor has no TextDecoder: it is compiled without the world. */
export function utf8Text(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const { code, length } = codeAt(bytes, at)
    text += String.fromCodePoint(code)
    at += length
  }
  return text
}

const replacement = { code: 0xfffd, length: 1 }
const least = [0, 0, 0x80, 0x800, 0x10000]

function codeAt(bytes: Uint8Array, at: number): { code: number; length: number } {
  const first = bytes[at] ?? 0
  if (first < 0x80) return { code: first, length: 1 }
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4) return replacement
  let code = first & (0x7f >> length)
  for (let next = 1; next < length; next++) {
    const byte = bytes[at + next] ?? 0
    if ((byte & 0xc0) !== 0x80) return replacement
    code = (code << 6) | (byte & 0x3f)
  }
  const surrogate = code >= 0xd800 && code <= 0xdfff
  return code < (least[length] ?? 0) || code > 0x10ffff || surrogate ? replacement : { code, length }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const letterValues = new Map([...alphabet].map((letter, value) => [letter, value]))

/** Bytes as base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const letters = [bits >> 18, bits >> 12, bits >> 6, bits].map((shifted) => alphabet.charAt(shifted & 63)).join('')
    text += letters.slice(0, bytes.length - at + 1).padEnd(4, '=')
  }
  return text
}

/** The bytes of base64 text; null unless it is the one text that `toBase64` writes for them: a second spelling could hide a change. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null
  const letters = text.endsWith('==') ? text.slice(0, -2) : text.endsWith('=') ? text.slice(0, -1) : text
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4))
  let held = 0
  let written = 0
  for (let at = 0; at < letters.length; at += 1) {
    const value = letterValues.get(letters.charAt(at))
    if (value === undefined) return null
    held = ((held << 6) | value) & 0xffff
    const bits = (at + 1) * 6 - written * 8
    if (bits >= 8) bytes[written++] = held >> (bits - 8)
  }
  return toBase64(bytes) === text ? bytes : null
}

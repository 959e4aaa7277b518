const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d]

/** True when objects and lists in JSON text lie more than `most` deep. Looks at bytes, so that nothing deep is ever built. */
export function isTooDeep(bytes: Uint8Array, most: number): boolean {
  // What is that deep closes that often, and each close takes a byte.
  if (bytes.length <= 2 * most) return false
  let depth = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === quote) at = endOfString(bytes, at + 1)
    else if (byte === openBrace || byte === openBracket) {
      depth += 1
      if (depth > most) return true
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1
  }
  return false
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at
}

/** Bytes as Node has them: as much of its Buffer as the verifier asks for. */
export class Bytes extends Uint8Array {
  static from(text, encoding = 'utf8') {
    if (encoding === 'hex') return new Bytes((text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)))
    if (encoding === 'base64') return Bytes.fromBase64Text(text)
    return new Bytes(new TextEncoder().encode(text))
  }

  /** Empty where it is no base64, as the verifier compares what it reads with what was written. */
  static fromBase64Text(text) {
    try {
      const read = atob(text)
      return new Bytes(read.length).map((_, at) => read.charCodeAt(at))
    } catch {
      return new Bytes(0)
    }
  }

  equals(other) {
    return this.length === other.length && this.every((byte, at) => byte === other[at])
  }

  toString(encoding, from = 0, to = this.length) {
    const part = Array.from(this.subarray(from, to))
    if (encoding === 'hex') return part.map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const base64 = btoa(part.map((byte) => String.fromCharCode(byte)).join(''))
    if (encoding === 'base64') return base64
    return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  }
}

const isPrime = (number) => Array.from({ length: number - 2 }, (_, at) => at + 2).every((part) => number % part !== 0)
const primes = Array.from({ length: 310 }, (_, at) => at + 2).filter(isPrime)
const fraction = (number) => ((number % 1) * 2 ** 32) | 0
const rounds = primes.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)))
const beginning = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const turned = (word, by) => (word >>> by) | (word << (32 - by))

/** SHA-256 (FIPS 180-4) of all parts, one after another. */
function sha256Of(parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const padded = new Uint8Array(Math.ceil((length + 9) / 64) * 64)
  let at = 0
  for (const part of parts) {
    padded.set(part, at)
    at += part.length
  }
  padded[length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(length) * 8n)
  const state = Int32Array.from(beginning)
  const words = new Int32Array(64)
  for (let block = 0; block < padded.length; block += 64) mixBlock(view, block, words, state)
  const digest = new Bytes(32)
  for (const [index, word] of state.entries()) new DataView(digest.buffer).setInt32(index * 4, word)
  return digest
}

function mixBlock(view, block, words, state) {
  for (let at = 0; at < 16; at += 1) words[at] = view.getInt32(block + at * 4)
  for (let at = 16; at < 64; at += 1) {
    const [before, last] = [words[at - 15], words[at - 2]]
    const low = turned(before, 7) ^ turned(before, 18) ^ (before >>> 3)
    const high = turned(last, 17) ^ turned(last, 19) ^ (last >>> 10)
    words[at] = words[at - 16] + low + words[at - 7] + high
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let at = 0; at < 64; at += 1) {
    const chosen = (e & f) ^ (~e & g)
    const most = (a & b) ^ (a & c) ^ (b & c)
    const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + rounds[at] + words[at]) | 0
    const other = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + most) | 0
    ;[a, b, c, d, e, f, g, h] = [(one + other) | 0, a, b, c, (d + one) | 0, e, f, g]
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] += word
}

/** One after another, as Node hashes what it is given. */
export function createHash() {
  const parts = []
  const hash = {
    update(part) {
      parts.push(typeof part === 'string' ? Bytes.from(part) : part)
      return hash
    },
    digest: () => sha256Of(parts),
  }
  return hash
}

/** Whether a browser says that this is a signature (Ed25519) by that key. */
export async function isSignature({ key, text, signature }) {
  try {
    const read = await crypto.subtle.importKey('jwk', key, 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', read, signature, text)
  } catch {
    return false
  }
}

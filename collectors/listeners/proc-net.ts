/** A socket that listens, as the kernel lists it. */
export interface ListeningSocket {
  address: string
  loopback: boolean
  port: number
  uid: number
}

const listening = '0A'
const maxLines = 200_000

/** The listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`. Lines of another form are passed over. */
export function readListening(text: string): ListeningSocket[] {
  const found: ListeningSocket[] = []
  for (const line of text.split('\n', maxLines).slice(1)) {
    const [, local = '', , state, , , , uid = ''] = line.trim().split(/\s+/, 8)
    const parts = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local)
    if (state !== listening || parts === null || !/^\d{1,10}$/.test(uid)) continue
    const address = addressOf(parts[1] ?? '')
    found.push({ address, loopback: isLoopback(address), port: Number.parseInt(parts[2] ?? '', 16), uid: Number(uid) })
  }
  return found
}

/** The kernel prints each 32-bit word in the byte order of the machine; every platform of ours is little-endian. */
function addressOf(hex: string): string {
  const bytes: number[] = []
  for (let word = 0; word < hex.length; word += 8) {
    for (let byte = 6; byte >= 0; byte -= 2) bytes.push(Number.parseInt(hex.slice(word + byte, word + byte + 2), 16))
  }
  if (bytes.length === 4) return bytes.join('.')
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return mapped ? `::ffff:${bytes.slice(12).join('.')}` : colonForm(bytes)
}

/** RFC 5952: the longest run of zero groups is written as `::`. */
function colonForm(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0))
  const text = groups.map((group) => group.toString(16)).join(':')
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map((match) => match[0])
  const longest = runs.reduce((best, run) => (zeros(run) > zeros(best) ? run : best), '')
  if (longest === '') return text
  const [before = '', after = ''] = split(text, longest)
  return `${before}::${after.replace(/^:/, '')}`
}

function zeros(run: string): number {
  return run.split(':').filter((group) => group === '0').length
}

function split(text: string, part: string): [string, string] {
  const at = text.indexOf(part)
  return [text.slice(0, at), text.slice(at + part.length)]
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address)
}

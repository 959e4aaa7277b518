/** A socket as the kernel lists it under `/proc/net`. Addresses are in text form. */
export interface ListedSocket {
  local: Endpoint
  remote: Endpoint
  /** The kernel's state in hex: `0A` listens, `01` is connected. */
  state: string
  uid: number
  /** By which the descriptor of a process leads to it; 0 where none does any more. */
  inode: number
}
export interface Endpoint {
  address: string
  port: number
}

const maxLines = 200_000

/** The sockets in the text of `/proc/net/tcp`, `tcp6`, `udp` or `udp6`. Lines of another form are passed over. */
export function readSockets(text: string): ListedSocket[] {
  const found: ListedSocket[] = []
  for (const line of text.split('\n', maxLines).slice(1)) {
    const [, local = '', remote = '', state = '', , , , uid = '', , inode = ''] = line.trim().split(/\s+/, 10)
    const [here, there] = [endpointOf(local), endpointOf(remote)]
    if (here === null || there === null || !/^\d{1,10}$/.test(uid) || !/^\d{1,20}$/.test(inode)) continue
    found.push({ local: here, remote: there, state, uid: Number(uid), inode: Number(inode) })
  }
  return found
}

/** An address with its port as it is written: `192.0.2.1:443`, `[2001:db8::1]:443`. */
export function shownEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** Whether an address is one of the loopback. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address)
}

function endpointOf(text: string): Endpoint | null {
  const parts = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text)
  return parts === null ? null : { address: addressOf(parts[1] ?? ''), port: Number.parseInt(parts[2] ?? '', 16) }
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

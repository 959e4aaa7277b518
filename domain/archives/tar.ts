import { latinText, utf8Text } from './byte-text.ts'

/** One entry of a tar archive. `path` and `target` are as written: hostile until `entryPath` has judged them. */
export interface TarEntry {
  path: string
  type: 'file' | 'folder' | 'link' | 'hard-link' | 'other'
  /** Where a link leads, as written; empty for what is none. */
  target: string
  executable: boolean
  /** A view into the archive's own bytes. */
  bytes: Uint8Array
}

/** The entries of an archive in their order, and why reading stopped before its end; null when it did not. */
export interface TarReading {
  entries: TarEntry[]
  problem: string | null
}

interface Extra {
  path?: string
  target?: string
  size?: number
}

interface Header extends Required<Extra> {
  type: string
  mode: number
}

const block = 512

/** Reads a tar archive (ustar, pax, GNU) from memory. At most `maxEntries`; nothing is copied and nothing is written anywhere. */
export function readTar(bytes: Uint8Array, maxEntries: number): TarReading {
  const entries: TarEntry[] = []
  let extra: Extra = {}
  let at = 0
  while (at + block <= bytes.length) {
    const head = bytes.subarray(at, at + block)
    if (head.every((byte) => byte === 0)) return { entries, problem: null }
    const header = readHeader(head, extra)
    if (header === null) return { entries, problem: `a header at byte ${at} does not match its checksum` }
    const from = at + block
    const to = from + header.size
    if (to > bytes.length) return { entries, problem: 'it ends in the middle of an entry' }
    const body = bytes.subarray(from, to)
    const about = aboutNext(header.type, body, extra)
    if (about === null) entries.push(entryOf(header, body))
    if (entries.length > maxEntries)
      return { entries: entries.slice(0, maxEntries), problem: `it has more than ${maxEntries} entries` }
    extra = about ?? {}
    at = from + Math.ceil(header.size / block) * block
  }
  // What was cut off between two entries looks whole but for this.
  return { entries, problem: at < bytes.length ? 'it ends in the middle of a header' : 'its end mark is missing' }
}

function readHeader(head: Uint8Array, extra: Extra): Header | null {
  if (sumOf(head) !== octal(head.subarray(148, 156))) return null
  const type = String.fromCharCode(head[156] ?? 0)
  // What precedes an entry (pax, GNU) describes that entry and not the one in between.
  const own = 'xgLK'.includes(type) ? {} : extra
  const size = own.size ?? number(head.subarray(124, 136))
  if (!Number.isSafeInteger(size) || size < 0) return null
  const prefix = latinText(head.subarray(257, 262)) === 'ustar' ? text(head.subarray(345, 500)) : ''
  const short = text(head.subarray(0, 100))
  return {
    type,
    size: 'xgLK0\0 7'.includes(type) || type === '' ? size : 0,
    mode: number(head.subarray(100, 108)),
    path: own.path ?? (prefix === '' ? short : `${prefix}/${short}`),
    target: own.target ?? text(head.subarray(157, 257)),
  }
}

function sumOf(head: Uint8Array): number {
  let sum = 256
  for (let at = 0; at < block; at++) if (at < 148 || at >= 156) sum += head[at] ?? 0
  return sum
}

function octal(field: Uint8Array): number {
  const digits = /^[\s\0]*([0-7]+)/.exec(latinText(field))?.[1]
  return digits === undefined ? 0 : Number.parseInt(digits, 8)
}

/** Octal text, or GNU's base 256 for numbers that are larger. */
function number(field: Uint8Array): number {
  const [first = 0] = field
  if ((first & 0x80) === 0) return octal(field)
  let value = first & 0x7f
  for (const byte of field.subarray(1)) value = value * 256 + byte
  return value
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0)
  return utf8Text(end === -1 ? field : field.subarray(0, end))
}

function aboutNext(type: string, body: Uint8Array, extra: Extra): Extra | null {
  if (type === 'L') return { ...extra, path: text(body) }
  if (type === 'K') return { ...extra, target: text(body) }
  if (type === 'x') return { ...extra, ...paxRecords(body) }
  return type === 'g' ? {} : null
}

/** Each record is `<length> <key>=<value>\n`, its length counting itself. */
function paxRecords(body: Uint8Array): Extra {
  const found: Extra = {}
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(32, at)
    const length = Number(latinText(body.subarray(at, Math.min(space, at + 12))))
    if (space === -1 || !Number.isInteger(length) || length < 5 || at + length > body.length) break
    const record = utf8Text(body.subarray(space + 1, at + length - 1))
    const cut = record.indexOf('=')
    const value = record.slice(cut + 1)
    if (record.startsWith('path=')) found.path = value
    if (record.startsWith('linkpath=')) found.target = value
    if (record.startsWith('size=') && /^\d{1,15}$/.test(value)) found.size = Number(value)
    at += length
  }
  return found
}

const types = new Map<string, TarEntry['type']>([
  ['0', 'file'],
  ['\0', 'file'],
  [' ', 'file'],
  ['7', 'file'],
  ['1', 'hard-link'],
  ['2', 'link'],
  ['5', 'folder'],
])

function entryOf({ type, path, target, mode }: Header, bytes: Uint8Array): TarEntry {
  const known = types.get(type) ?? 'other'
  return {
    path,
    type: known === 'file' && path.endsWith('/') ? 'folder' : known,
    target,
    executable: (mode & 0o111) !== 0,
    bytes: known === 'file' ? bytes : bytes.subarray(0, 0),
  }
}

/**
 * The path of an entry below its root, without `.` and doubled slashes; null when it would lead out of it or cannot be a path. The root
 * itself is the empty text.
 */
export function entryPath(written: string): string | null {
  if (written.length > 4096 || written.includes('\0') || written.includes('\\')) return null
  const parts = written.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') || parts.length > 256 || written.startsWith('/') ? null : parts.join('/')
}

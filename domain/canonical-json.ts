import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** How deep a value may nest: far beyond any record, far below what a call stack holds. */
export const maxDepth = 500

/**
 * The canonical form of a JSON value (RFC 8785): one text per value, whoever writes it. Throws a TypeError on whatever is not JSON
 * (undefined members too: leaving one out in silence would seal something other than what was meant) and on nesting beyond `maxDepth`.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

/** The name of a value: SHA-256 over the UTF-8 of its canonical form, lower-case hex. */
export function digestOf(value: unknown): string {
  return digestOfText(canonicalJson(value))
}

/** SHA-256 over the UTF-8 of a text, lower-case hex. */
export function digestOfText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

function write(value: unknown, depth: number): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return writeString(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') return writeNumber(value)
  if (typeof value !== 'object') throw new TypeError(`canonical JSON: a ${typeof value} is not JSON`)
  if (depth >= maxDepth) throw new TypeError(`canonical JSON: nested deeper than ${maxDepth}, or in a circle`)
  return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth)
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON: a string holds half a surrogate pair')
  return JSON.stringify(text)
}

function writeNumber(number: number): string {
  if (!Number.isFinite(number)) throw new TypeError('canonical JSON: a number is not finite')
  return JSON.stringify(number)
}

function writeArray(values: readonly unknown[], depth: number): string {
  const parts: string[] = []
  // By index: an iterator of the array's own could hide items, and a hole must be refused as undefined.
  for (let index = 0; index < values.length; index += 1) parts.push(write(values[index], depth + 1))
  return `[${parts.join(',')}]`
}

function writeObject(value: object, depth: number): string {
  refuseUnlessPlain(value)
  const members = new Map(Object.entries(value))
  // RFC 8785 sorts names by UTF-16 code units, which is what sort() does by itself.
  const parts = [...members.keys()].sort().map((name) => {
    const member = members.get(name)
    if (isNeverJson(member)) throw new TypeError(`canonical JSON: member "${name.slice(0, 60)}" is ${typeof member}`)
    return `${writeString(name)}:${write(member, depth + 1)}`
  })
  return `{${parts.join(',')}}`
}

/** Whether a value cannot have come from parsed text: only then may its name be told, for it is a defect of ours. */
function isNeverJson(value: unknown): boolean {
  return value === undefined || typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol'
}

/** A Date, a Map or an instance has state that its enumerable members do not show. */
function refuseUnlessPlain(value: object): void {
  const prototype = Object.getPrototypeOf(value)
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null
  if (!plain || Object.prototype.toString.call(value) !== '[object Object]')
    throw new TypeError('canonical JSON: an object is not a plain one')
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw new TypeError('canonical JSON: a member is named by a symbol')
}

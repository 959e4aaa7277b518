import { packageKey } from '@upkeep/domain/purl'

/** What the bytes of a record show before it is parsed. */
export interface RecordScan {
  ecosystems: Set<string>
  /** When it was last changed, as it says. */
  modified: string | null
  /** False only when the record certainly names packages and none that is wanted. */
  relevant: boolean
}

/** Names that can only be meant for every package at once; such a record is parsed, and rejected with its reason. */
const everyPackage = new Set(['', '*'])
const nameKey = Buffer.from('"name"')
const ecosystemKey = Buffer.from('"ecosystem"')
const modifiedKey = Buffer.from('"modified"')
const instant = /^\d{4}-\d\d-\d\dT[\d:.]{5,20}Z$/
const [quote, colon, backslash, openBrace, closeBrace] = [0x22, 0x3a, 0x5c, 0x7b, 0x7d]

/**
 * Looks for the wanted packages in a record's bytes without parsing it: of a feed of hundreds of thousands only the few that matter are
 * parsed. Anything out of the ordinary (escapes in a name, no name, no ecosystem, not one object) counts as relevant.
 */
export function scanRecord(bytes: Buffer, wantedNames: ReadonlySet<string>): RecordScan {
  const ecosystems = new Set(valuesOf(bytes, ecosystemKey) ?? [])
  const modified = valuesOf(bytes, modifiedKey)?.[0] ?? ''
  const names = valuesOf(bytes, nameKey)
  const ordinary = names !== null && names.length > 0 && ecosystems.size > 0 && isOneObject(bytes)
  return {
    ecosystems,
    modified: instant.test(modified) ? modified : null,
    relevant: !ordinary || names.some((name) => everyPackage.has(name) || isWanted(name, wantedNames)),
  }
}

/** The names to look for, in both spellings that a record may use. */
export function wantedNames(packages: readonly { name: string }[]): Set<string> {
  return new Set(packages.flatMap(({ name }) => [name, loose(name)]))
}

function isWanted(name: string, wanted: ReadonlySet<string>): boolean {
  return wanted.has(name) || wanted.has(loose(name))
}

function loose(name: string): string {
  return packageKey('PyPI', name)
}

/** Every string that stands after a key, or null when one of them has an escape or no end. */
function valuesOf(bytes: Buffer, key: Buffer): string[] | null {
  const values: string[] = []
  for (let at = bytes.indexOf(key); at !== -1; at = bytes.indexOf(key, at + key.length)) {
    let from = skipBlanks(bytes, at + key.length)
    if (bytes[from] !== colon) continue
    from = skipBlanks(bytes, from + 1)
    if (bytes[from] !== quote) continue
    const to = bytes.indexOf(quote, from + 1)
    if (to === -1) return null
    if (bytes.subarray(from, to).includes(backslash)) return null
    values.push(bytes.toString('utf8', from + 1, to))
  }
  return values
}

function isOneObject(bytes: Buffer): boolean {
  let end = bytes.length - 1
  while (end > 0 && isBlank(bytes[end])) end -= 1
  return bytes[skipBlanks(bytes, 0)] === openBrace && bytes[end] === closeBrace
}

function skipBlanks(bytes: Buffer, from: number): number {
  let at = from
  while (isBlank(bytes[at])) at += 1
  return at
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

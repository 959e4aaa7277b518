import type { Expression } from '../syntax.ts'
import { accessPath, describe, shownKey } from './access-path.ts'
import { element, madeSafe, nothing, stepped, tainted, type Value } from './value.ts'

/** The parts of an address that say which host it leads to. */
const addressParts = new Set(['hostname', 'host', 'origin', 'href', 'netloc'])
const plainMembers = new Set(['length', 'size', 'byteLength'])
/** Parts of a request that only lead to the arguments. */
const transportParts = new Set(['params', 'arguments', 'args', 'data', 'searchParams'])

/** A member of a value: a known field, a member of a thing from outside, or a part of an argument. */
export function memberOf(of: Value, expression: Extract<Expression, { is: 'member' }>): Value {
  const { key } = expression
  const found = key === null ? undefined : of.fields?.get(key)
  if (found !== undefined) return found
  if (of.taint !== null) return partOf({ ...of, taint: of.taint }, expression)
  // A value chosen from a list of our own is one of the list.
  if (key === null && of.fields !== null) return element(of)
  const named = memberName(of.named, key)
  return { ...nothing, named, isFolder: named === 'path.sep' || named === 'os.sep' }
}

function partOf(of: Value & { taint: object }, expression: Extract<Expression, { is: 'member' }>): Value {
  const { key } = expression
  if (key !== null && plainMembers.has(key)) return nothing
  const path = accessPath(expression.of)
  const isHost = of.holds === 'url' && key !== null && addressParts.has(key)
  const about = isHost ? [...of.about, ...(path === null ? [] : [path])] : []
  const source = sourceOfPart(of.taint.source, key)
  const value = {
    ...tainted(stepped({ ...of.taint, source }, expression.line, describe(expression))),
    about,
    holds: isHost ? ('url' as const) : null,
  }
  return of.holds === 'path' && (key === 'name' || key === 'stem') ? madeSafe(value, ['path', 'dots']) : value
}

/** `arguments` becomes `arguments.path` where a member of the source itself is read. */
export function sourceOfPart(source: string, key: string | null): string {
  const isWhole = !source.includes('.') && source.length <= 80
  return key === null || !isWhole || transportParts.has(key) ? source : `${source}.${shownKey(key)}`
}

/** The full name of a member of a thing from outside. */
export function memberName(of: string | null, key: string | null): string | null {
  if (of === null || key === null || of.length > 200) return null
  // `default` is what compiled modules put in front of what was imported whole.
  return key === 'default' ? of : `${of}.${key}`
}

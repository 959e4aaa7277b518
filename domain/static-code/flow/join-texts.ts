import type { Expression } from '../syntax.ts'
import { mixedTaint, nothing, type Safety, stepped, taintIn, type Value } from './value.ts'

/** Texts after one another: tainted if one is; what stands first decides what an address or a path can still become. */
export function join(expression: Extract<Expression, { is: 'join' }>, values: readonly Value[]): Value {
  const parts = expression.by === 'slash' ? values : flattened(expression, values)
  const isPath = expression.by === 'slash' || parts.some((part) => part.holds === 'path')
  const last = parts.at(-1)
  const isFolder = last?.isFolder === true
  const holds = isPath ? ('path' as const) : null
  const text = parts.every((part) => part.text !== null)
    ? parts
        .map((part) => part.text)
        .join('')
        .slice(0, 2_000)
    : null
  const taint = mixedTaint(parts.map((part) => taintIn(part)))
  if (taint === null) return { ...nothing, holds, isFolder, text, named: leadingName(parts) }
  const safe = new Set<Safety>(taint.safe)
  if (hasFixedHost(parts)) safe.add('url')
  if (taint.safe.has('dots') && isBelowFixedFolder(parts, expression.by)) safe.add('path')
  const about = expression.by === 'slash' ? parts.flatMap((part) => part.about) : []
  return { ...nothing, holds, isFolder, about, taint: stepped({ ...taint, safe }, expression.line, 'put into a text') }
}

/** `a % (b, c)` holds a list; its items count. */
function flattened(expression: Extract<Expression, { is: 'join' }>, values: readonly Value[]): Value[] {
  if (expression.by !== 'plus') return [...values]
  return values.flatMap((value) =>
    value.fields === null || value.taint !== null ? [value] : [...value.fields.values()],
  )
}

/** A text that begins with a thing from outside keeps its name: `ROOT + '/'`. */
function leadingName(parts: readonly Value[]): string | null {
  const [first] = parts
  return first?.named ?? null
}

/** Whether everything up to the path of an address is fixed before the first argument. */
function hasFixedHost(parts: readonly Value[]): boolean {
  const at = parts.findIndex((part) => taintIn(part) !== null)
  if (at <= 0) return false
  const before = parts.slice(0, at)
  const text = before.map((part) => part.text ?? '\u0001').join('')
  if (/^[a-z][a-z0-9+.-]{0,20}:\/\/[^/?#]{1,300}[/?#]/i.test(text)) return true
  // A base from settings or a constant from elsewhere ends where it ends; a path after it stays on its host.
  return text.startsWith('\u0001') || /^[/?.#]/.test(text)
}

function isBelowFixedFolder(parts: readonly Value[], by: 'template' | 'plus' | 'slash'): boolean {
  const [first, second] = parts
  if (first === undefined || taintIn(first) !== null) return false
  return by === 'slash' ? false : first.isFolder || (second?.text?.startsWith('/') ?? false)
}

import type { Expression } from '../syntax.ts'

/** The name of a value as tests and assignments speak of it: `args.path`. Null for what has none. */
export function accessPath(expression: Expression): string | null {
  if (expression.is === 'name') return expression.name
  if (expression.is !== 'member' || expression.key === null) return null
  const of = accessPath(expression.of)
  return of === null || of.length > 200 ? null : `${of}.${expression.key}`
}

/** An expression in a few words, for the way of a taint. Never its literals. */
export function describe(expression: Expression): string {
  const path = accessPath(expression)
  if (path !== null) return path.split('.').map(shownKey).join('.').slice(0, 80)
  if (expression.is === 'call') return `${describe(expression.callee)}()`.slice(0, 80)
  if (expression.is === 'member') return `${describe(expression.of)}[…]`.slice(0, 80)
  return expression.is === 'join' ? 'a text' : 'a value'
}

/** A key that is an identifier; any other is a literal of the source and not shown. */
export function shownKey(key: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$-]{0,60}$/.test(key) ? key : '[…]'
}

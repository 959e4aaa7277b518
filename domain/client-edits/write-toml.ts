import { isPlainList } from './edit-tree.ts'
import type { PlainValue } from './text-edit.ts'

/** A value as TOML on one line. There is no null in it. */
export function writeToml(value: PlainValue): string {
  if (value === null) return ''
  if (typeof value !== 'object') return typeof value === 'string' ? basic(value) : String(value)
  if (isPlainList(value)) return `[${value.map(writeToml).join(', ')}]`
  const members = Object.entries(value).map(([key, each]) => `${writeKey(key)} = ${writeToml(each)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** A text in the quotes of the one that it replaces, where it can stand in them. */
export function writeLike(value: PlainValue, style: 'basic' | 'literal'): string {
  const isPlain = typeof value === 'string' && !/['\p{Cc}]/u.test(value)
  return isPlain && style === 'literal' ? `'${value}'` : writeToml(value)
}

export function writeKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : basic(key)
}

function basic(text: string): string {
  return JSON.stringify(text).replaceAll('\x7f', '\\u007f')
}

export function holdsNull(value: PlainValue): boolean {
  if (value === null || typeof value !== 'object') return value === null
  return isPlainList(value) ? value.some(holdsNull) : Object.values(value).some(holdsNull)
}

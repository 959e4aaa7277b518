import { UserError } from '@upkeep/contract'
import type { PageAsked } from './messages.ts'

/** A part of a list, with how long the whole is. */
export interface Page {
  readonly rows: readonly unknown[]
  readonly offset: number
  readonly total: number
}

/** What was worked out of one list before: orders. Lives as long as the list does. */
export interface Prepared {
  readonly rows: readonly unknown[]
  readonly orders: Map<string, readonly unknown[]>
}

export function prepared(rows: readonly unknown[]): Prepared {
  return { rows, orders: new Map() }
}

const mostOrders = 12

/** The part of a list that is asked for. @throws UserError `bad-input` where no row has the property that it is sorted by. */
export function pageOf(list: Prepared, { offset, count, search, sort }: PageAsked): Page {
  const wanted = orderOf(list, search, sort)
  return { rows: wanted.slice(offset, offset + count), offset, total: wanted.length }
}

function orderOf(list: Prepared, search: string | null, sort: string | null): readonly unknown[] {
  if (search === null && sort === null) return list.rows
  const key = JSON.stringify([search, sort])
  const known = list.orders.get(key)
  if (known !== undefined) return known
  const found = search === null ? list.rows : searched(list.rows, search.toLowerCase())
  const order = sort === null ? found : sorted(found, sort)
  const oldest = list.orders.keys().next()
  if (list.orders.size >= mostOrders && oldest.done === false) list.orders.delete(oldest.value)
  list.orders.set(key, order)
  return order
}

/** Rows with a part that holds the text. */
function searched(rows: readonly unknown[], text: string): readonly unknown[] {
  return rows.filter((row) =>
    typeof row === 'object' && row !== null
      ? Object.values(row).some((part) => partWords(part).includes(text))
      : partWords(row).includes(text),
  )
}

/** Of records that are parts of rows: they stay what they are from one answer to the next. Empty lists are not worth it. */
const knownWords = new WeakMap<object, string>()

/** The words of a part of a row in small letters. */
function partWords(part: unknown): string {
  if (typeof part !== 'object' || part === null || (Array.isArray(part) && part.length === 0))
    return wordsOf(part).toLowerCase()
  const known = knownWords.get(part)
  if (known !== undefined) return known
  const words = wordsOf(part).toLowerCase()
  knownWords.set(part, words)
  return words
}

/** The texts and numbers of a value, without the names of its properties. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return ''
  return Object.values(value).map(wordsOf).join('\n')
}

function sorted(rows: readonly unknown[], sort: string): readonly unknown[] {
  const down = sort.startsWith('-')
  const path = (down ? sort.slice(1) : sort).split('.')
  // Many rows share what they are sorted by: only that is sorted.
  const groups = Map.groupBy(rows, (row) => at(row, path))
  if (rows.length > 0 && groups.size === 1 && groups.has(undefined))
    throw new UserError('bad-input', 'sort: no row has that property', 'Name a property of the rows, such as "name".')
  const keyed = [...groups].map(([value, alike]) => ({ alike, by: typeof value === 'number' ? value : textOf(value) }))
  const order = keyed.toSorted((one, other) => (down ? compare(other.by, one.by) : compare(one.by, other.by)))
  return order.flatMap(({ alike }) => alike)
}

function at(row: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined,
    row,
  )
}

/** Numbers by size, everything else as text; what is not there comes first. */
function compare(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  const [left, right] = [String(one), String(other)]
  return left < right ? -1 : left > right ? 1 : 0
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}

import type { Expression } from '../syntax.ts'
import type { FixedValues } from './fixed-values.ts'
import type { Listing } from './listings.ts'

/** A text of a listing, with the way to it. */
interface Word {
  way: string
  line: number
  text: string
}

interface Waiting {
  way: string
  expression: Expression
  depth: number
}

const bounds = { words: 500, depth: 24, steps: 5_000 }

/** The texts of one listing; `open` when one that a model is shown is worked out while the server runs. */
export function textsOf({ parts }: Listing, fixed: FixedValues): { words: Word[]; open: boolean } {
  const words: Word[] = []
  let open = false
  const waiting: Waiting[] = []
  for (const part of [...parts].reverse()) waiting.push({ ...part, way: wayOf(part, fixed), depth: 0 })
  let steps = 0
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    steps += 1
    if (steps > bounds.steps || words.length >= bounds.words) return { words, open: true }
    const text = fixed.text(next.expression)
    if (text !== null) words.push({ way: next.way, line: next.expression.line, text })
    else if (isShown(next.way) && !isAbsent(next.expression) && isOpen(next, fixed)) open = true
    if (text === null && next.depth < bounds.depth) waiting.push(...inside(next, fixed).reverse())
  }
  return { words, open }
}

/** A schema may stand where a description does. */
function wayOf({ way, expression }: Listing['parts'][number], fixed: FixedValues): string {
  if (way !== 'description or schema') return way
  const value = fixed.behind(expression)?.is
  return (value === 'record' || value === 'call') && fixed.text(expression) === null ? 'inputSchema' : 'description'
}

/** The names, titles and descriptions of a listing itself and of its arguments. */
function isShown(way: string): boolean {
  return /(?:^|\.)(?:name|title|description|docstring|instructions)$/.test(way)
}

function isAbsent(expression: Expression): boolean {
  return expression.is === 'literal' || (expression.is === 'name' && /^(?:undefined|None)$/.test(expression.name))
}

/** A field of that name may be a thing of its own: an argument called `name` has a schema for a value. */
function isOpen({ expression, depth }: Waiting, fixed: FixedValues): boolean {
  const value = fixed.behind(expression)
  return value === null || value.is === 'join' || value.is === 'choice' || (value.is === 'call' && depth === 0)
}

function inside({ way, expression, depth }: Waiting, fixed: FixedValues): Waiting[] {
  const at = (inner: Expression, more = '') => ({
    way: `${way}${more}`.slice(0, 160),
    expression: inner,
    depth: depth + 1,
  })
  const value = fixed.behind(expression)
  switch (value?.is) {
    case 'record':
      return value.entries.map((entry) => at(entry.value, entry.key === null ? '' : `.${entry.key.slice(0, 40)}`))
    case 'list':
      return value.items.map((item) => at(item))
    case 'join':
    case 'choice':
      return value.parts.map((part) => at(part, '…'))
    case 'call':
      return ofCall(value).map((inner) => at(inner.expression, inner.more))
    default:
      return []
  }
}

/** `z.string().describe('…')`, `Field(description='…')`: what is called on, and the words it is given. */
function ofCall({ callee, args }: Extract<Expression, { is: 'call' }>): { expression: Expression; more: string }[] {
  const receiver = callee.is === 'member' ? [{ expression: callee.of, more: '' }] : []
  const key = callee.is === 'member' ? callee.key : callee.is === 'name' ? callee.name : null
  const given = args
    .filter(({ value }) => value.is !== 'function')
    .map(({ value, name }) => ({
      expression: value,
      more: name !== null ? `.${name}` : key === 'describe' ? '.description' : '',
    }))
  return [...receiver.filter(({ expression }) => expression.is === 'call'), ...given]
}

import type { Expression, Target } from '../syntax.ts'
import type { SourceNode } from './source-nodes.ts'

/** What names in a file stand for, where they are given one value only, and the text that an expression comes to. */
export interface FixedValues {
  behind(expression: Expression): Expression | null
  text(expression: Expression): string | null
}

const deepest = 12
/** What is looked at for one file: names may stand for texts of names of texts. */
const mostSteps = 200_000
const longestJoin = 20_000

/** Names of a file that are bound once. What is bound twice, or given as an argument, is worked out while it runs. */
export function fixedValues(nodes: readonly SourceNode[]): FixedValues {
  const bound = new Map<string, Expression | null>()
  for (const node of nodes) {
    const to = 'does' in node && node.does === 'bind' ? node.to : 'is' in node && node.is === 'assign' ? node.to : null
    const name = to === null ? null : nameOf(to)
    if (name === null || !('value' in node) || typeof node.value !== 'object' || node.value === null) continue
    bound.set(name, bound.has(name) ? null : node.value)
  }
  let steps = 0
  const fixed: FixedValues = {
    behind(expression) {
      steps += 1
      return steps > mostSteps ? null : follow(expression, bound)
    },
    text: (expression) => textOf(expression, fixed, deepest),
  }
  return fixed
}

/** `NAME`, and `Names.ONE` as the members of an enumeration are given. */
function nameOf(to: Target): string | null {
  if (to.to === 'name') return to.name
  return to.to === 'member' && to.of.is === 'name' && to.key !== null ? `${to.of.name}.${to.key}` : null
}

function follow(expression: Expression, bound: ReadonlyMap<string, Expression | null>): Expression | null {
  let here: Expression | null = expression
  for (let steps = 0; here !== null; steps += 1) {
    if (steps > deepest) return null
    if (here.is === 'name') here = bound.get(here.name) ?? null
    else if (here.is === 'member') return fieldOf(here, bound)
    else return here
  }
  return null
}

/** `TEXTS.read`, where `TEXTS` is a record of this file. */
function fieldOf(
  { of, key }: Extract<Expression, { is: 'member' }>,
  bound: ReadonlyMap<string, Expression | null>,
): Expression | null {
  if (of.is !== 'name' || key === null) return null
  const member = bound.get(`${of.name}.${key}`)
  if (member !== undefined) return member?.is === 'literal' ? member : null
  const record = bound.get(of.name)
  const value = record?.is === 'record' ? record.entries.find((entry) => entry.key === key)?.value : undefined
  return value === undefined || value.is === 'name' || value.is === 'member' ? null : value
}

function textOf(expression: Expression, fixed: FixedValues, left: number): string | null {
  const value = fixed.behind(expression)
  if (value === null || left === 0) return null
  if (value.is === 'literal') return typeof value.value === 'string' ? value.value : null
  if (value.is === 'call') return trimmed(value, fixed, left)
  if (value.is !== 'join' || value.by === 'slash') return null
  return joined(value.parts, '', fixed, left)
}

/** Calls that leave the words of a text as they are: `text.trim()`, `textwrap.dedent(text)`, `[…].join(' ')`. */
function trimmed(
  { callee, args }: Extract<Expression, { is: 'call' }>,
  fixed: FixedValues,
  left: number,
): string | null {
  if (callee.is !== 'member') return null
  const [first] = args
  if (/^(?:dedent|cleandoc)$/.test(callee.key ?? '') && first !== undefined) return textOf(first.value, fixed, left - 1)
  if (/^(?:trim|trimEnd|trimStart|strip|toString)$/.test(callee.key ?? '')) return textOf(callee.of, fixed, left - 1)
  const list = callee.key === 'join' ? fixed.behind(callee.of) : null
  if (list?.is !== 'list') return null
  const between = first === undefined ? ',' : (textOf(first.value, fixed, left - 1) ?? ' ')
  return joined(list.items, between, fixed, left)
}

function joined(parts: readonly Expression[], between: string, fixed: FixedValues, left: number): string | null {
  let text = ''
  for (const [index, part] of parts.entries()) {
    const more = textOf(part, fixed, left - 1)
    if (more === null || text.length + more.length > longestJoin) return null
    text += index === 0 ? more : between + more
  }
  return text
}

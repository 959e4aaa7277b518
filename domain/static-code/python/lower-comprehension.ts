import type { SyntaxNode } from '@lezer/common'
import type { Expression, Target } from '../syntax.ts'
import { lowerTarget } from './lower-target.ts'
import { plainAt, type Reading } from './reading.ts'

/** `x for x in xs if …`, of whichever kind of bracket. */
export function lowerComprehension(children: readonly SyntaxNode[], reading: Reading, line: number): Expression {
  const first = children.findIndex((child) => child.name === 'for')
  const head = children.slice(0, first).filter((child) => !marks.has(child.name))
  const given = head.at(-1)
  const each: { to: Target; of: Expression }[] = []
  for (const [index, child] of children.entries()) {
    if (child.name !== 'for') continue
    const inAt = children.findIndex((one, at) => at > index && one.name === 'in')
    const of = children[inAt + 1]
    if (inAt < 0 || of === undefined) continue
    each.push({ to: lowerTarget(children.slice(index + 1, inAt), reading), of: reading.expression(of) })
  }
  const gives = given === undefined ? plainAt(line) : reading.expression(given)
  return { is: 'comprehension', each, gives, line }
}

const marks = new Set(['(', '[', '{', 'async', ':'])

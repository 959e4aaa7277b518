import type { AnyNode, BinaryExpression, LogicalExpression, UnaryExpression } from 'acorn'
import type { Expression } from '../syntax.ts'

type Lower = (node: AnyNode) => Expression

const comparisons: Readonly<Record<string, 'equal' | 'unequal' | 'in' | 'other'>> = {
  '===': 'equal',
  '==': 'equal',
  '!==': 'unequal',
  '!=': 'unequal',
  in: 'in',
  '<': 'other',
  '>': 'other',
  '<=': 'other',
  '>=': 'other',
  instanceof: 'other',
}

/** `&&` and `||` are tests, and choices where their value is used; `??` is a choice. */
export function lowerLogical(node: LogicalExpression, lower: Lower, line: number): Expression {
  const parts = [lower(node.left), lower(node.right)]
  if (node.operator === '??') return { is: 'choice', parts, line }
  return { is: 'test', test: { test: node.operator === '&&' ? 'and' : 'or', parts }, line }
}

/** Sums and comparisons; other arithmetic gives numbers. */
export function lowerBinary(node: BinaryExpression, lower: Lower, line: number): Expression {
  const right = lower(node.right)
  const left: Expression =
    node.left.type === 'PrivateIdentifier' ? { is: 'literal', value: null, line } : lower(node.left)
  if (node.operator === '+') return { is: 'join', by: 'plus', parts: [left, right], line }
  const comparison = comparisons[node.operator]
  if (comparison === undefined) return { is: 'parts', parts: [left, right], gives: 'plain', line }
  return { is: 'test', test: { test: comparison, left, right }, line }
}

/** `!x` is a test; what the others give holds nothing of the text. */
export function lowerUnary(node: UnaryExpression, lower: Lower, line: number): Expression {
  const of = lower(node.argument)
  if (node.operator === '!') return { is: 'test', test: { test: 'not', of }, line }
  return { is: 'parts', parts: [of], gives: 'plain', line }
}

import type { SyntaxNode } from '@lezer/common'
import type { Argument, Entry, Expression, Test } from '../syntax.ts'
import { lowerComprehension } from './lower-comprehension.ts'
import { lowerFunction } from './lower-function.ts'
import { lowerTarget } from './lower-target.ts'
import { lowerText } from './lower-text.ts'
import { betweenCommas, childrenOf, plainAt, type Reading } from './reading.ts'

/** A Python expression in the small form. */
export function lowerExpression(node: SyntaxNode, reading: Reading): Expression {
  const line = reading.line(node)
  const lower = reading.expression
  const children = childrenOf(node)
  switch (node.name) {
    case 'VariableName':
      return { is: 'name', name: reading.text(node), line }
    case 'String':
    case 'FormatString':
    case 'ContinuedString':
      return lowerText(node, reading)
    case 'Number':
    case 'Boolean':
      return { is: 'literal', value: reading.text(node), line }
    case 'MemberExpression':
      return lowerMember(children, reading, line)
    case 'CallExpression':
      return lowerCall(children, reading, line)
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
      return lastOf(children, lower, line)
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'SetExpression':
      return { is: 'list', items: betweenCommas(children).map((group) => lastOf(group, lower, line)), line }
    case 'DictionaryExpression':
      return { is: 'record', entries: betweenCommas(children).map((group) => entryOf(group, reading)), line }
    case 'BinaryExpression':
      return lowerBinary(children, reading, line)
    case 'UnaryExpression':
      return lowerUnary(children, lower, line)
    case 'ConditionalExpression': {
      const [then, , test, , otherwise] = children
      if (then === undefined || test === undefined || otherwise === undefined) return plainAt(line)
      const choice: Expression = { is: 'choice', parts: [lower(then), lower(otherwise)], line }
      return { is: 'parts', parts: [lower(test), choice], gives: 'last', line }
    }
    case 'NamedExpression': {
      const [name, , value] = children
      if (name === undefined || value === undefined) return plainAt(line)
      return { is: 'assign', to: lowerTarget([name], reading), value: lower(value), line }
    }
    case 'LambdaExpression':
      return { is: 'function', code: lowerFunction(node, [], reading), line }
    default:
      return node.name.endsWith('ComprehensionExpression') ? lowerComprehension(children, reading, line) : plainAt(line)
  }
}

function lastOf(nodes: readonly SyntaxNode[], lower: Reading['expression'], line: number): Expression {
  const inner = nodes.filter((node) => /[A-Za-z]/.test(node.name) && node.name !== 'await' && node.name !== 'yield')
  const last = inner.at(-1)
  return last === undefined ? plainAt(line) : lower(last)
}

function lowerMember(children: readonly SyntaxNode[], reading: Reading, line: number): Expression {
  const [object, mark, by] = children
  if (object === undefined || by === undefined) return plainAt(line)
  const of = reading.expression(object)
  if (mark?.name === '.') return { is: 'member', of, key: reading.text(by), by: null, line }
  // A slice is still the text.
  if (children.some((child) => child.name === ':')) return { is: 'choice', parts: [of], line }
  const index = reading.expression(by)
  const key = index.is === 'literal' && index.value !== null ? String(index.value) : null
  return { is: 'member', of, key, by: key === null ? index : null, line }
}

function lowerCall(children: readonly SyntaxNode[], reading: Reading, line: number): Expression {
  const [callee, list] = children
  if (callee === undefined || list === undefined) return plainAt(line)
  return { is: 'call', callee: reading.expression(callee), args: argumentsOf(list, reading), line }
}

/** The arguments of a call or decorator. */
export function argumentsOf(list: SyntaxNode, reading: Reading): Argument[] {
  const line = reading.line(list)
  const children = childrenOf(list)
  if (children.some((child) => child.name === 'for'))
    return [{ value: lowerComprehension(children, reading, line), name: null, spread: false }]
  return betweenCommas(children).map((group) => {
    const spread = group[0]?.name === '*' || group[0]?.name === '**'
    const named = group[1]?.name === 'AssignOp' && group[0] !== undefined
    const value = group.at(-1)
    return {
      value: value === undefined ? plainAt(line) : reading.expression(value),
      name: named && group[0] !== undefined ? reading.text(group[0]) : null,
      spread,
    }
  })
}

function entryOf(group: readonly SyntaxNode[], reading: Reading): Entry {
  const value = group.at(-1)
  const key = group[0] === undefined || group[1]?.name !== ':' ? null : reading.expression(group[0])
  return {
    key: key?.is === 'literal' && key.value !== null ? String(key.value) : null,
    value: value === undefined ? plainAt(0) : reading.expression(value),
  }
}

function lowerBinary(children: readonly SyntaxNode[], reading: Reading, line: number): Expression {
  const [first] = children
  const last = children.at(-1)
  if (first === undefined || last === undefined) return plainAt(line)
  const [left, right] = [reading.expression(first), reading.expression(last)]
  const operator = children
    .slice(1, -1)
    .map((child) => reading.text(child))
    .join(' ')
  if (operator === 'and' || operator === 'or')
    return { is: 'test', test: { test: operator, parts: [left, right] }, line }
  if (operator === '+' || operator === '%') return { is: 'join', by: 'plus', parts: [left, right], line }
  if (operator === '/') return { is: 'join', by: 'slash', parts: [left, right], line }
  const test = comparisons[operator]
  if (test === undefined) return { is: 'parts', parts: [left, right], gives: 'plain', line }
  return { is: 'test', test: { test, left, right }, line }
}

const comparisons: Readonly<Record<string, Extract<Test, { left: Expression }>['test']>> = {
  '==': 'equal',
  is: 'equal',
  '!=': 'unequal',
  'is not': 'unequal',
  in: 'in',
  'not in': 'not-in',
  '<': 'other',
  '>': 'other',
  '<=': 'other',
  '>=': 'other',
}

function lowerUnary(children: readonly SyntaxNode[], lower: Reading['expression'], line: number): Expression {
  const last = children.at(-1)
  if (last === undefined) return plainAt(line)
  if (children[0]?.name === 'not') return { is: 'test', test: { test: 'not', of: lower(last) }, line }
  return { is: 'parts', parts: [lower(last)], gives: 'plain', line }
}

import type { AnyNode, Expression as Node, ObjectExpression, TemplateLiteral } from 'acorn'
import type { Code, Entry, Expression, Member } from '../syntax.ts'
import { lowerBinary, lowerLogical, lowerUnary } from './lower-operators.ts'
import { lowerTarget } from './lower-target.ts'
import type { Lowering } from './lowering.ts'

/** A JavaScript expression in the small form. */
export function lowerExpression(node: AnyNode, lowering: Lowering): Expression {
  const line = node.loc?.start.line ?? 0
  const lower = (one: AnyNode): Expression => lowerExpression(one, lowering)
  switch (node.type) {
    case 'Identifier':
      return { is: 'name', name: node.name, line }
    case 'ThisExpression':
      return { is: 'name', name: 'this', line }
    case 'Literal':
      return lowerLiteral(node, line)
    case 'TemplateLiteral':
      return lowerTemplate(node, lower, line)
    case 'MemberExpression':
      return lowerMember(node, lower, line)
    case 'CallExpression':
    case 'NewExpression':
      return { is: 'call', callee: lower(node.callee), args: node.arguments.map((one) => argument(one, lower)), line }
    case 'ImportExpression':
      return { is: 'call', callee: { is: 'name', name: 'import', line }, args: [argument(node.source, lower)], line }
    case 'ObjectExpression':
      return { is: 'record', entries: node.properties.map((one) => entryOf(one, lower)), line }
    case 'ArrayExpression':
      return { is: 'list', items: node.elements.flatMap((one) => (one === null ? [] : [lower(one)])), line }
    case 'ConditionalExpression': {
      const choice: Expression = { is: 'choice', parts: [lower(node.consequent), lower(node.alternate)], line }
      return { is: 'parts', parts: [lower(node.test), choice], gives: 'last', line }
    }
    case 'SequenceExpression':
      return { is: 'parts', parts: node.expressions.map(lower), gives: 'last', line }
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return lower(node.expression)
    case 'AwaitExpression':
    case 'SpreadElement':
      return lower(node.argument)
    case 'YieldExpression':
      return node.argument ? lower(node.argument) : plain(line)
    case 'TaggedTemplateExpression':
      return { is: 'parts', parts: node.quasi.expressions.map(lower), gives: 'plain', line }
    case 'LogicalExpression':
      return lowerLogical(node, lower, line)
    case 'BinaryExpression':
      return lowerBinary(node, lower, line)
    case 'UnaryExpression':
      return lowerUnary(node, lower, line)
    case 'AssignmentExpression':
      return lowerAssignment(node, lower, line, lowering)
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return { is: 'function', code: codeOf(node, lowering), line }
    case 'ClassExpression':
    case 'ClassDeclaration':
      return { is: 'class', members: node.body.body.flatMap((one) => memberOf(one, lower)), line }
    default:
      return plain(line)
  }
}

function plain(line: number): Expression {
  return { is: 'literal', value: null, line }
}

type Lower = (node: AnyNode) => Expression

function lowerLiteral(node: Extract<Node, { type: 'Literal' }>, line: number): Expression {
  if (node.regex !== undefined && node.regex !== null) return { is: 'pattern', source: node.regex.pattern, line }
  const { value } = node
  const kept = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  return { is: 'literal', value: kept, line }
}

function lowerTemplate(node: TemplateLiteral, lower: Lower, line: number): Expression {
  const parts: Expression[] = []
  for (const [index, quasi] of node.quasis.entries()) {
    if (quasi.value.raw !== '')
      parts.push({ is: 'literal', value: quasi.value.cooked ?? quasi.value.raw, line: quasi.loc?.start.line ?? line })
    const expression = node.expressions[index]
    if (expression !== undefined) parts.push(lower(expression))
  }
  return { is: 'join', by: 'template', parts, line }
}

function lowerMember(node: Extract<Node, { type: 'MemberExpression' }>, lower: Lower, line: number): Expression {
  const { property } = node
  const of: Expression = node.object.type === 'Super' ? { is: 'name', name: 'this', line } : lower(node.object)
  if (!node.computed) {
    const key = property.type === 'Identifier' || property.type === 'PrivateIdentifier' ? property.name : null
    return { is: 'member', of, key, by: null, line }
  }
  const key = property.type === 'Literal' ? String(property.value) : null
  return { is: 'member', of, key, by: key === null ? lower(property) : null, line }
}

function argument(node: AnyNode, lower: Lower): { value: Expression; name: null; spread: boolean } {
  return { value: lower(node), name: null, spread: node.type === 'SpreadElement' }
}

function entryOf(node: ObjectExpression['properties'][number], lower: Lower): Entry {
  if (node.type === 'SpreadElement') return { key: null, value: lower(node.argument) }
  return { key: keyOf(node.key, node.computed), value: lower(node.value) }
}

export function keyOf(node: AnyNode, computed: boolean): string | null {
  if (node.type === 'Literal') return String(node.value)
  if (computed) return null
  return node.type === 'Identifier' || node.type === 'PrivateIdentifier' ? node.name : null
}

function lowerAssignment(
  node: Extract<Node, { type: 'AssignmentExpression' }>,
  lower: Lower,
  line: number,
  lowering: Lowering,
): Expression {
  const to = lowerTarget(node.left, lowering)
  const right = lower(node.right)
  if (node.operator === '=') return { is: 'assign', to, value: right, line }
  if (node.operator === '+=')
    return { is: 'assign', to, value: { is: 'join', by: 'plus', parts: [lower(node.left), right], line }, line }
  if (/^(?:\|\||&&|\?\?)=$/.test(node.operator))
    return { is: 'assign', to, value: { is: 'choice', parts: [lower(node.left), right], line }, line }
  return { is: 'parts', parts: [right], gives: 'plain', line }
}

/** A function with its parameters and body. */
export function codeOf(
  node: Extract<AnyNode, { type: 'ArrowFunctionExpression' | 'FunctionExpression' | 'FunctionDeclaration' }>,
  lowering: Lowering,
): Code {
  const line = node.loc?.start.line ?? 0
  const body =
    node.body.type === 'BlockStatement'
      ? lowering.statements(node.body.body)
      : [{ does: 'return' as const, value: lowerExpression(node.body, lowering), line }]
  const parameters = node.params.map((one) => ({
    target: lowerTarget(one, lowering),
    type: null,
    otherwise: one.type === 'AssignmentPattern' ? lowerExpression(one.right, lowering) : null,
  }))
  return { name: node.id?.name ?? null, parameters, body, decorators: [], line }
}

function memberOf(node: AnyNode, lower: Lower): Member[] {
  if (node.type === 'MethodDefinition')
    return [
      { key: node.kind === 'constructor' ? 'constructor' : keyOf(node.key, node.computed), value: lower(node.value) },
    ]
  if (node.type !== 'PropertyDefinition' || !node.value) return []
  return [{ key: keyOf(node.key, node.computed), value: lower(node.value) }]
}

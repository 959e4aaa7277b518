import type { SyntaxNode } from '@lezer/common'
import type { Expression, Member, Statement } from '../syntax.ts'
import { argumentsOf } from './lower-expression.ts'
import { lowerFunction } from './lower-function.ts'
import { lowerImport } from './lower-import.ts'
import { lowerTarget } from './lower-target.ts'
import { betweenCommas, childrenOf, plainAt, type Reading } from './reading.ts'

/** A Python statement in the small form. */
export function lowerStatement(node: SyntaxNode, reading: Reading): Statement[] {
  const line = reading.line(node)
  const children = childrenOf(node)
  const [first] = children
  switch (node.name) {
    case 'StatementGroup':
      return children.flatMap((child) => lowerStatement(child, reading))
    case 'ExpressionStatement':
      return children
        .filter(isExpression)
        .map((child) => ({ does: 'expression', value: reading.expression(child), line }))
    case 'AssignStatement':
      return assignments(children, reading, line)
    case 'UpdateStatement': {
      const last = children.at(-1)
      if (first === undefined || last === undefined) return []
      const parts = [reading.expression(first), reading.expression(last)]
      const value: Expression = { is: 'join', by: 'plus', parts, line }
      return [{ does: 'bind', to: lowerTarget([first], reading), value, scope: 'function', line }]
    }
    case 'ReturnStatement':
      return [{ does: 'return', value: tupleOf(children.slice(1), reading, line), line }]
    case 'RaiseStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return [{ does: 'leave', value: null, line }]
    case 'ImportStatement':
      return lowerImport(children, reading, line)
    case 'FunctionDefinition':
      return [functionOf(node, [], reading)]
    case 'DecoratedStatement':
      return decorated(children, reading)
    case 'ClassDefinition':
      return [classOf(node, reading)]
    default:
      return lowerCompound(node, children, reading, line)
  }
}

function isExpression(node: SyntaxNode): boolean {
  return /^[A-Z]/.test(node.name)
}

function lowerCompound(node: SyntaxNode, children: SyntaxNode[], reading: Reading, line: number): Statement[] {
  const bodies = children.filter((child) => child.name === 'Body')
  switch (node.name) {
    case 'IfStatement':
      return branches(children.slice(1), reading, line)
    case 'WhileStatement': {
      const of = children[1]
      const body = bodies.flatMap((one) => reading.body(one))
      return [{ does: 'loop', each: null, of: of === undefined ? null : reading.expression(of), body, line }]
    }
    case 'ForStatement': {
      const at = children.findIndex((child) => child.name === 'in')
      const from = children.findIndex((child) => child.name === 'for')
      const of = tupleOf(
        children.slice(
          at + 1,
          children.findIndex((child) => child.name === 'Body'),
        ),
        reading,
        line,
      )
      const each = lowerTarget(children.slice(from + 1, at), reading)
      return [{ does: 'loop', each, of, body: bodies.flatMap((one) => reading.body(one)), line }]
    }
    case 'WithStatement':
      return [...withBindings(children, reading, line), ...bodies.flatMap((one) => reading.body(one))]
    case 'TryStatement': {
      const [main, ...others] = bodies
      const ways = others.map((one) => reading.body(one))
      return [...reading.body(main ?? null), { does: 'ways', of: null, bodies: ways, line }]
    }
    case 'MatchStatement': {
      const clauses = children.filter((child) => child.name === 'MatchBody').flatMap(childrenOf)
      const ways = clauses.map((clause) => reading.body(childrenOf(clause).find((one) => one.name === 'Body') ?? null))
      return [{ does: 'ways', of: null, bodies: ways, line }]
    }
    default:
      return []
  }
}

function tupleOf(nodes: readonly SyntaxNode[], reading: Reading, line: number): Expression | null {
  const parts = betweenCommas(nodes).flatMap((group) => group.filter(isExpression).slice(-1))
  const [only] = parts
  if (only === undefined) return null
  return parts.length === 1 ? reading.expression(only) : { is: 'list', items: parts.map(reading.expression), line }
}

/** `a = b = value`: each target gets the value. A mere annotation binds nothing. */
function assignments(children: readonly SyntaxNode[], reading: Reading, line: number): Statement[] {
  const marks = children.flatMap((child, index) => (child.name === 'AssignOp' ? [index] : []))
  const lastMark = marks.at(-1)
  if (lastMark === undefined) return []
  const value = tupleOf(children.slice(lastMark + 1), reading, line) ?? plainAt(line)
  return marks.map((mark, index) => {
    const from = index === 0 ? 0 : (marks[index - 1] ?? 0) + 1
    const to = lowerTarget(
      children.slice(from, mark).filter((child) => child.name !== 'TypeDef'),
      reading,
    )
    return { does: 'bind', to, value, scope: 'function', line }
  })
}

function branches(children: readonly SyntaxNode[], reading: Reading, line: number): Statement[] {
  const [test, body, word, ...rest] = children
  if (test === undefined || body === undefined) return []
  const met = reading.body(body)
  const otherwise =
    word === undefined
      ? []
      : word.name === 'elif'
        ? branches(rest, reading, reading.line(word))
        : reading.body(rest[0] ?? null)
  return [{ does: 'if', test: reading.expression(test), met, otherwise, line }]
}

function withBindings(children: readonly SyntaxNode[], reading: Reading, line: number): Statement[] {
  const head = children.filter((child) => child.name !== 'Body' && child.name !== 'with' && child.name !== 'async')
  return betweenCommas(head).flatMap((group): Statement[] => {
    const [opened] = group
    const target = group[1]?.name === 'as' ? group[2] : undefined
    if (opened === undefined) return []
    const value = reading.expression(opened)
    if (target === undefined) return [{ does: 'expression', value, line }]
    return [{ does: 'bind', to: lowerTarget([target], reading), value, scope: 'function', line }]
  })
}

function functionOf(node: SyntaxNode, decorators: readonly Expression[], reading: Reading): Statement {
  const code = lowerFunction(node, decorators, reading)
  return { does: 'function', name: code.name ?? '', code, line: code.line }
}

function decorated(children: readonly SyntaxNode[], reading: Reading): Statement[] {
  const decorators = children.filter((child) => child.name === 'Decorator').map((one) => decoratorOf(one, reading))
  const inner = children.at(-1)
  if (inner === undefined) return []
  return inner.name === 'FunctionDefinition' ? [functionOf(inner, decorators, reading)] : lowerStatement(inner, reading)
}

function decoratorOf(node: SyntaxNode, reading: Reading): Expression {
  const line = reading.line(node)
  let callee: Expression = plainAt(line)
  for (const [index, child] of childrenOf(node).entries()) {
    if (child.name === 'ArgList') return { is: 'call', callee, args: argumentsOf(child, reading), line }
    if (child.name !== 'VariableName' && child.name !== 'PropertyName') continue
    const name = reading.text(child)
    callee = index === 1 ? { is: 'name', name, line } : { is: 'member', of: callee, key: name, by: null, line }
  }
  return callee
}

function classOf(node: SyntaxNode, reading: Reading): Statement {
  const children = childrenOf(node)
  const name = children.find((child) => child.name === 'VariableName')
  const line = reading.line(node)
  const members = reading.body(children.find((child) => child.name === 'Body') ?? null).flatMap((one): Member[] => {
    if (one.does === 'function') {
      const key = one.name === '__init__' ? 'constructor' : one.name
      return [{ key, value: { is: 'function', code: one.code, line: one.line } }]
    }
    return one.does === 'bind' && one.to.to === 'name' ? [{ key: one.to.name, value: one.value }] : []
  })
  const to = { to: 'name' as const, name: name === undefined ? '' : reading.text(name) }
  return { does: 'bind', to, value: { is: 'class', members, line }, scope: 'function', line }
}

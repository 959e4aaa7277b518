import type { AnyNode, ImportDeclaration, VariableDeclaration } from 'acorn'
import type { Expression, Statement } from '../syntax.ts'
import { codeOf } from './lower-expression.ts'
import { lowerTarget } from './lower-target.ts'
import type { Lowering } from './lowering.ts'

/** Statements in the small form, in their order. */
export function lowerStatements(nodes: readonly AnyNode[], lowering: Lowering): readonly Statement[] {
  return nodes.flatMap((node) => lowerStatement(node, lowering))
}

function lowerStatement(node: AnyNode, lowering: Lowering): Statement[] {
  const line = node.loc?.start.line ?? 0
  const block = (one: AnyNode | null | undefined) => (one ? lowerStatements([one], lowering) : [])
  switch (node.type) {
    case 'ExpressionStatement':
      return [{ does: 'expression', value: lowering.expression(node.expression), line }]
    case 'VariableDeclaration':
      return declarations(node, lowering, line)
    case 'FunctionDeclaration':
      return [{ does: 'function', name: node.id?.name ?? 'default', code: codeOf(node, lowering), line }]
    case 'ClassDeclaration': {
      const to = { to: 'name' as const, name: node.id?.name ?? 'default' }
      return [{ does: 'bind', to, value: lowering.expression(node), scope: 'block', line }]
    }
    case 'ReturnStatement':
      return [{ does: 'return', value: node.argument ? lowering.expression(node.argument) : null, line }]
    case 'ThrowStatement':
      return [{ does: 'leave', value: lowering.expression(node.argument), line }]
    case 'BreakStatement':
    case 'ContinueStatement':
      return [{ does: 'leave', value: null, line }]
    case 'BlockStatement':
    case 'StaticBlock':
      return [{ does: 'block', body: lowerStatements(node.body, lowering), line }]
    case 'IfStatement':
      return [
        {
          does: 'if',
          test: lowering.expression(node.test),
          met: block(node.consequent),
          otherwise: block(node.alternate),
          line,
        },
      ]
    case 'ImportDeclaration':
      return imports(node, line)
    case 'ExportNamedDeclaration':
      return [...block(node.declaration)]
    case 'ExportDefaultDeclaration':
      return exported(node.declaration, lowering, line)
    default:
      return lowerCompound(node, lowering, line)
  }
}

function lowerCompound(node: AnyNode, lowering: Lowering, line: number): Statement[] {
  const block = (one: AnyNode | null | undefined) => (one ? lowerStatements([one], lowering) : [])
  switch (node.type) {
    case 'LabeledStatement':
      return [...block(node.body)]
    case 'TryStatement': {
      const after = node.finalizer ? [...block(node.finalizer)] : []
      return [...block(node.block), { does: 'ways', of: null, bodies: [block(node.handler?.body)], line }, ...after]
    }
    case 'SwitchStatement': {
      const bodies = node.cases.map((one) => lowerStatements(one.consequent, lowering))
      return [{ does: 'ways', of: lowering.expression(node.discriminant), bodies, line }]
    }
    case 'ForOfStatement':
    case 'ForInStatement': {
      const left = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left
      const each = left === undefined ? null : lowerTarget(left, lowering)
      return [{ does: 'loop', each, of: lowering.expression(node.right), body: block(node.body), line }]
    }
    case 'ForStatement': {
      const start = node.init?.type === 'VariableDeclaration' ? block(node.init) : []
      return [...start, { does: 'loop', each: null, of: null, body: block(node.body), line }]
    }
    case 'WhileStatement':
    case 'DoWhileStatement':
      return [{ does: 'loop', each: null, of: lowering.expression(node.test), body: block(node.body), line }]
    default:
      return []
  }
}

function declarations(node: VariableDeclaration, lowering: Lowering, line: number): Statement[] {
  const scope = node.kind === 'var' ? ('function' as const) : ('block' as const)
  return node.declarations.map((one) => ({
    does: 'bind' as const,
    to: lowerTarget(one.id, lowering),
    value: one.init ? lowering.expression(one.init) : nothingAt(line),
    scope,
    line: one.loc?.start.line ?? line,
  }))
}

function nothingAt(line: number): Expression {
  return { is: 'literal', value: null, line }
}

function exported(node: AnyNode, lowering: Lowering, line: number): Statement[] {
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return lowerStatement(node, lowering)
  return [{ does: 'expression', value: lowering.expression(node), line }]
}

function imports(node: ImportDeclaration, line: number): Statement[] {
  const source = String(node.source.value).replace(/^node:/, '')
  return node.specifiers.map((one): Statement => {
    const whole = one.type !== 'ImportSpecifier'
    const name = whole ? null : one.imported.type === 'Identifier' ? one.imported.name : String(one.imported.value)
    const from = name === null || name === 'default' ? source : `${source}.${name}`
    return { does: 'import', name: one.local.name, from, line }
  })
}

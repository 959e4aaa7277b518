import type { SyntaxNode } from '@lezer/common'
import type { Code, Expression, Parameter } from '../syntax.ts'
import { betweenCommas, childrenOf, type Reading } from './reading.ts'

/** A `def` or `lambda` with its parameters and body. */
export function lowerFunction(node: SyntaxNode, decorators: readonly Expression[], reading: Reading): Code {
  const children = childrenOf(node)
  const list = children.find((child) => child.name === 'ParamList')
  const line = reading.line(node)
  const isLambda = node.name === 'LambdaExpression'
  const name = children.find((child) => child.name === 'VariableName')
  const last = children.at(-1)
  const body = isLambda
    ? last === undefined
      ? []
      : [{ does: 'return' as const, value: reading.expression(last), line }]
    : reading.body(children.find((child) => child.name === 'Body') ?? null)
  return {
    name: isLambda || name === undefined ? null : reading.text(name),
    parameters: list === undefined ? [] : parametersOf(list, reading),
    body,
    decorators,
    line,
  }
}

function parametersOf(list: SyntaxNode, reading: Reading): Parameter[] {
  return betweenCommas(childrenOf(list)).flatMap((group) => {
    const name = group.find((node) => node.name === 'VariableName')
    if (name === undefined) return []
    const type = group.find((node) => node.name === 'TypeDef')
    const given = group.findIndex((node) => node.name === 'AssignOp')
    const otherwise = given < 0 ? undefined : group[given + 1]
    return [
      {
        target: { to: 'name' as const, name: reading.text(name) },
        type: type === undefined ? null : reading.text(type).replace(/^:\s*/, ''),
        otherwise: otherwise === undefined ? null : reading.expression(otherwise),
      },
    ]
  })
}

import type { SyntaxNode } from '@lezer/common'
import type { Target } from '../syntax.ts'
import { betweenCommas, childrenOf, type Reading } from './reading.ts'

/** Where an assignment puts its value: one name or member, or several after one another. */
export function lowerTarget(nodes: readonly SyntaxNode[], reading: Reading): Target {
  const groups = betweenCommas(nodes)
  const [only] = groups
  if (groups.length > 1) return { to: 'items', items: groups.map((group) => lowerTarget(group, reading)) }
  const node = only?.find((one) => one.name !== '*' && one.name !== 'TypeDef')
  if (node === undefined) return { to: 'items', items: [] }
  if (node.name === 'VariableName') return { to: 'name', name: reading.text(node) }
  if (node.name === 'TupleExpression' || node.name === 'ArrayExpression' || node.name === 'ParenthesizedExpression')
    return lowerTarget(childrenOf(node), reading)
  if (node.name !== 'MemberExpression') return { to: 'items', items: [] }
  const member = reading.expression(node)
  return member.is === 'member' ? { to: 'member', of: member.of, key: member.key } : { to: 'items', items: [] }
}

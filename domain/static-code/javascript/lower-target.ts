import type { AnyNode } from 'acorn'
import type { Target } from '../syntax.ts'
import type { Lowering } from './lowering.ts'

const nowhere: Target = { to: 'items', items: [] }

/** Where an assignment or a parameter puts its value. */
export function lowerTarget(node: AnyNode, lowering: Lowering): Target {
  switch (node.type) {
    case 'Identifier':
      return { to: 'name', name: node.name }
    case 'MemberExpression': {
      const { property } = node
      const named = !node.computed && (property.type === 'Identifier' || property.type === 'PrivateIdentifier')
      const key = named ? property.name : property.type === 'Literal' ? String(property.value) : null
      return { to: 'member', of: lowering.expression(node.object), key }
    }
    case 'AssignmentPattern':
      return lowerTarget(node.left, lowering)
    case 'RestElement':
      return lowerTarget(node.argument, lowering)
    case 'ArrayPattern':
      return { to: 'items', items: node.elements.map((one) => (one === null ? null : lowerTarget(one, lowering))) }
    case 'ObjectPattern':
      return { to: 'fields', entries: node.properties.map((one) => fieldOf(one, lowering)) }
    default:
      return nowhere
  }
}

function fieldOf(node: AnyNode, lowering: Lowering): Extract<Target, { to: 'fields' }>['entries'][number] {
  if (node.type !== 'Property') return { key: null, target: lowerTarget(node, lowering), otherwise: null }
  const named = !node.computed && node.key.type === 'Identifier'
  const key =
    named && node.key.type === 'Identifier'
      ? node.key.name
      : node.key.type === 'Literal'
        ? String(node.key.value)
        : null
  const otherwise = node.value.type === 'AssignmentPattern' ? lowering.expression(node.value.right) : null
  return { key, target: lowerTarget(node.value, lowering), otherwise }
}

import type { SyntaxNode } from '@lezer/common'
import type { Expression, Statement } from '../syntax.ts'

/** What the parts of the translation need: the text below a node, its line, and each other. */
export interface Reading {
  text(node: SyntaxNode): string
  line(node: SyntaxNode): number
  expression(node: SyntaxNode): Expression
  body(node: SyntaxNode | null): readonly Statement[]
}

/** The parts of a node, without comments. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== 'Comment') children.push(child)
  return children
}

/** The parts between commas; brackets are left out. */
export function betweenCommas(nodes: readonly SyntaxNode[]): SyntaxNode[][] {
  const groups: SyntaxNode[][] = [[]]
  for (const node of nodes) {
    if (node.name === ',') groups.push([])
    else if (!brackets.has(node.name)) groups.at(-1)?.push(node)
  }
  return groups.filter((group) => group.length > 0)
}

const brackets = new Set(['(', ')', '[', ']', '{', '}'])

/** A literal without a value that matters. */
export function plainAt(line: number): Expression {
  return { is: 'literal', value: null, line }
}

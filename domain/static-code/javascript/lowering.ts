import type { AnyNode } from 'acorn'
import type { Expression, Statement } from '../syntax.ts'

/** What the parts of the translation need of each other. */
export interface Lowering {
  expression(node: AnyNode): Expression
  statements(nodes: readonly AnyNode[]): readonly Statement[]
}

import type { Code, Expression, Statement } from '../syntax.ts'

/** A part of a source file: an expression, a statement, or a function with its decorators. */
export type SourceNode = Expression | Statement | Code

const most = 400_000

/** Every part of a file, in its order, up to a bound. */
export function sourceNodes(body: readonly Statement[]): SourceNode[] {
  const found: SourceNode[] = []
  const waiting: unknown[] = [body]
  for (let next = waiting.pop(); next !== undefined && found.length < most; next = waiting.pop()) {
    if (isNode(next)) found.push(next)
    for (const inner of Object.values(next ?? {}).reverse())
      if (typeof inner === 'object' && inner !== null) waiting.push(inner)
  }
  return found
}

function isNode(value: unknown): value is SourceNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'line' in value &&
    ('is' in value || 'does' in value || 'body' in value)
  )
}

import type { SyntaxNode, Tree } from '@lezer/common'
import { parser } from '@lezer/python'
import type { ParsedFile } from '../syntax.ts'
import { lowerExpression } from './lower-expression.ts'
import { lowerStatement } from './lower-statement.ts'
import { childrenOf, type Reading } from './reading.ts'

/** A Python file in the small form. What the grammar does not know is left out and said. */
export function parsePython(text: string): ParsedFile {
  const tree = parser.parse(text)
  const lineAt = lineFinder(text)
  const reading: Reading = {
    text: (node) => text.slice(node.from, node.to),
    line: (node) => lineAt(node.from),
    expression: (node) => lowerExpression(node, reading),
    body: (node) => (node === null ? [] : childrenOf(node).flatMap((child) => lowerStatement(child, reading))),
  }
  const wrong = firstError(tree)
  try {
    const body = reading.body(tree.topNode)
    const problems = wrong === null ? [] : [`not read as Python from line ${lineAt(wrong.from)} on in parts`]
    return { state: 'parsed', body, problems }
  } catch (error) {
    // The engine's stack ends before ours would: the only sign of a text that is nested too deep.
    if (error instanceof RangeError) return { state: 'refused', reason: 'nested too deep' }
    throw error
  }
}

function firstError(tree: Tree): SyntaxNode | null {
  let found: SyntaxNode | null = null
  tree.iterate({
    enter(node) {
      if (found === null && node.type.isError) found = node.node
      return found === null
    },
  })
  return found
}

/** The line of an offset, counted from 1. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

import type { SyntaxNode } from '@lezer/common'
import type { Expression } from '../syntax.ts'
import { childrenOf, type Reading } from './reading.ts'

/** A string: a literal, or the parts of an f-string in their order. */
export function lowerText(node: SyntaxNode, reading: Reading): Expression {
  const line = reading.line(node)
  if (node.name === 'String') return { is: 'literal', value: unquoted(reading.text(node)), line }
  if (node.name === 'ContinuedString')
    return { is: 'join', by: 'template', parts: childrenOf(node).map((child) => lowerText(child, reading)), line }
  return { is: 'join', by: 'template', parts: formatParts(node, reading, line), line }
}

function formatParts(node: SyntaxNode, reading: Reading, line: number): Expression[] {
  const whole = reading.text(node)
  const opening = /^[A-Za-z]{0,2}("""|'''|"|')/.exec(whole)?.[0] ?? ''
  const quote = opening.replace(/^[A-Za-z]{1,2}/, '')
  const end = node.to - (whole.endsWith(quote) ? quote.length : 0)
  const parts: Expression[] = []
  let at = node.from + opening.length
  const literal = (to: number) => {
    if (to > at) parts.push({ is: 'literal', value: whole.slice(at - node.from, to - node.from), line })
  }
  for (const child of childrenOf(node)) {
    if (child.name !== 'FormatReplacement') continue
    literal(child.from)
    const value = childrenOf(child).find((one) => /^[A-Z]/.test(one.name))
    if (value !== undefined) parts.push(reading.expression(value))
    at = child.to
  }
  literal(end)
  return parts
}

/** The text between the quotes. Escapes are left as written: what is compared holds none. */
function unquoted(text: string): string {
  const opening = /^[A-Za-z]{0,2}("""|'''|"|')/.exec(text)?.[0] ?? ''
  const quote = opening.replace(/^[A-Za-z]{1,2}/, '')
  const inner = text.slice(opening.length)
  return quote !== '' && inner.endsWith(quote) ? inner.slice(0, -quote.length) : inner
}

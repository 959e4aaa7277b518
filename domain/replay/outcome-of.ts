import type { CallOutcome } from '@upkeep/contract/golden-calls'
import { isRecord } from '../is-record.ts'
import { steadyText } from './steady-text.ts'

const maxDepth = 12
const maxKeys = 100

/** The outcome of a call from the result that a server sent: what is compared, and nothing that changes from run to run. */
export function outcomeOf(result: Readonly<Record<string, unknown>>): CallOutcome {
  const content = Array.isArray(result.content) ? result.content.filter(isRecord).slice(0, 200) : []
  const texts = content.flatMap((block) => (typeof block.text === 'string' ? [block.text] : []))
  const structured = result.structuredContent === undefined ? '' : ` ${shapeOf(result.structuredContent, 0)}`
  const blocks = content.map((block) => (typeof block.type === 'string' ? block.type.slice(0, 40) : 'unknown'))
  return {
    kind: result.isError === true ? 'tool-error' : 'result',
    code: null,
    structure: `[${blocks.join(', ')}]${structured}`.slice(0, 4_000).toWellFormed(),
    text: steadyText(texts.join('\n')),
  }
}

/** Keys and types without values; the items of a list by their first. */
function shapeOf(value: unknown, depth: number): string {
  if (value === null) return 'null'
  if (depth >= maxDepth) return '…'
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${shapeOf(value[0], depth + 1)}]`
  if (!isRecord(value)) return typeof value
  const members = Object.keys(value).sort().slice(0, maxKeys)
  return `{${members.map((key) => `${key.slice(0, 80)}: ${shapeOf(value[key], depth + 1)}`).join(', ')}}`
}

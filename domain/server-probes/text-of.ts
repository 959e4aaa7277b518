import type { ServerReply } from '@upkeep/contract/server-probe'

/** Whether a reply is a tool's own error: JSON-RPC calls it a success all the same. */
export function isToolError(reply: ServerReply): boolean {
  return reply.state === 'result' && reply.result.isError === true
}

/** All text that a reply carries, one piece a line. */
export function textOf(reply: ServerReply): string {
  if (reply.state === 'error') return reply.message
  if (reply.state === 'failed') return ''
  const { content, contents } = reply.result
  return [...list(content), ...list(contents)].flatMap(textIn).join('\n')
}

/** A reply in one line, for a transcript: its texts, or what it is. */
export function briefOf(reply: ServerReply): string {
  if (reply.state === 'failed') return 'no answer'
  if (reply.state === 'error') return `error ${reply.code}: ${reply.message}`
  return `${isToolError(reply) ? 'isError' : 'result'}: ${textOf(reply) || JSON.stringify(reply.result)}`
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textIn(piece: unknown): string[] {
  if (typeof piece !== 'object' || piece === null) return []
  return 'text' in piece && typeof piece.text === 'string' ? [piece.text] : []
}

import { isRecord } from '@upkeep/domain/is-record'
/** What came of one request. `failed`: no answer; the traffic of the channel says why. `message` is the server's and not for passing on. */
export type McpAnswer =
  | { state: 'result'; result: Readonly<Record<string, unknown>> }
  | { state: 'error'; code: number; message: string }
  | { state: 'failed' }

/** A message from a server: an answer to a request of ours, or a request of its own. */
export type McpMessage =
  | { kind: 'answer'; id: number; answer: McpAnswer }
  | { kind: 'request'; id: string | number; method: string }

/** Reads one JSON-RPC message; null for notifications and for whatever is none. */
export function readMessage(text: string): McpMessage | null {
  const message = parsed(text)
  if (!isRecord(message) || message.jsonrpc !== '2.0') return null
  const { id, method } = message
  if (typeof method === 'string') {
    return typeof id === 'string' || typeof id === 'number' ? { kind: 'request', id, method } : null
  }
  if (typeof id !== 'number') return null
  const { result, error } = message
  if (isRecord(result)) return { kind: 'answer', id, answer: { state: 'result', result } }
  if (!isRecord(error) || typeof error.code !== 'number') return { kind: 'answer', id, answer: { state: 'failed' } }
  const said = typeof error.message === 'string' ? error.message : ''
  return { kind: 'answer', id, answer: { state: 'error', code: error.code, message: said } }
}

/** The text of a request or, without an id, of a notification. */
export function writeMessage(id: number | null, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method, params })
}

/** What a client that offers nothing answers to a request of the server: ping is answered, all else is not known here. */
export function answerToRequest({ id, method }: { id: string | number; method: string }): string {
  if (method === 'ping') return JSON.stringify({ jsonrpc: '2.0', id, result: {} })
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

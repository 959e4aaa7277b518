import type { HttpResponse, Refusal } from '@upkeep/contract/ports'
import { isRecord } from '../is-record.ts'
import { firstEventData } from '../sse-event.ts'

/**
 * What came back. `answered`: the server did what it was asked. `status`: an HTTP status that is not success. `unclear`: nothing came, or
 * something that says neither.
 */
export type Reading =
  | { kind: 'answered'; session: string | null; status: number; brief: string }
  | { kind: 'status'; status: number; brief: string; pointsToMetadata: boolean }
  | { kind: 'unclear'; brief: string }

/** Reads an answer for whether the request was served. The text of the answer never gets into `brief`: it could repeat a credential. */
export function readAnswer(answer: HttpResponse | Refusal): Reading {
  if (answer.state === 'unavailable') return { kind: 'unclear', brief: answer.reason }
  const { status } = answer
  if (status < 200 || status >= 300) {
    const pointsToMetadata = (answer.headers['www-authenticate'] ?? '').toLowerCase().includes('resource_metadata=')
    return { kind: 'status', status, brief: `HTTP ${status}`, pointsToMetadata }
  }
  const what = messageKind(answer)
  if (what === 'result' || what === 'request') {
    const session = answer.headers['mcp-session-id'] ?? null
    return { kind: 'answered', status, session, brief: `HTTP ${status} with a JSON-RPC ${what}` }
  }
  return {
    kind: 'unclear',
    brief: `HTTP ${status} with ${what === 'error' ? 'a JSON-RPC error' : 'no JSON-RPC message'}`,
  }
}

/** A server that sends a request or notification of its own on our stream has begun to serve us, as much as one that sends a result. */
function messageKind(answer: HttpResponse): 'result' | 'request' | 'error' | 'none' {
  const message = messageIn(answer)
  if (message === null) return 'none'
  if ('result' in message) return 'result'
  if ('method' in message) return 'request'
  return 'error' in message ? 'error' : 'none'
}

/** The JSON-RPC message of an answer, or the first of its event stream; null when there is none. */
export function messageIn(answer: HttpResponse): Readonly<Record<string, unknown>> | null {
  const stream = (answer.headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream')
  const message = parsed(stream ? (firstEventData(answer.body) ?? '') : answer.body)
  return isRecord(message) && 'jsonrpc' in message ? message : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

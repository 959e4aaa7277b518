import type { HttpResponse } from '@upkeep/contract/ports'
import { isRecord } from '../is-record.ts'
import { EventReader } from '../sse-event.ts'

type Message = Readonly<Record<string, unknown>>

/** The JSON-RPC messages of an answer, one or many, plain or as events. */
export function messagesIn({ headers, body }: HttpResponse): Message[] {
  const stream = (headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream')
  const texts = stream ? new EventReader().feed(body).map(({ data }) => data) : [body]
  return texts.flatMap((text) => {
    const value = parsed(text)
    return Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : []
  })
}

/** The value of a JSON text; null where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

import type { HttpPort } from '@upkeep/contract'
import { product } from '@upkeep/contract/product'
import { eras, openingMessage } from '@upkeep/domain/negative-request/messages'

/** Whether a server lets somebody in: it answered, it refused, or neither is known. */
export type Opened = { is: 'answered' | 'refused' | 'not-known'; detail: string }

const bounds = { timeoutMs: 10_000, maxBytes: 262_144, firstEventOnly: true }

/** Begins a conversation with these headers, as a client would, and ends it again. Nothing is listed or called. */
export async function opensServer(url: string, own: ReadonlyMap<string, string>, http: HttpPort): Promise<Opened> {
  let last: Opened = { is: 'not-known', detail: 'it gave no answer' }
  for (const era of eras) {
    const { headers, body } = openingMessage(era)
    const sent = {
      ...headers,
      'user-agent': `${product.name}/${product.version}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...Object.fromEntries([...own].map(([name, value]) => [name.toLowerCase(), value])),
    }
    const answer = await http.exchange({ ...bounds, url, method: 'POST', headers: sent, body })
    if (answer.state === 'unavailable') return { is: 'not-known', detail: answer.reason }
    const detail = `HTTP ${answer.status}`
    if (answer.status === 401 || answer.status === 403) return { is: 'refused', detail }
    if (answer.status >= 200 && answer.status < 300) {
      await end(url, sent, answer.headers['mcp-session-id'], http)
      return { is: 'answered', detail }
    }
    last = { is: 'not-known', detail: `it answered ${detail}` }
  }
  return last
}

async function end(
  url: string,
  headers: Readonly<Record<string, string>>,
  session: string | undefined,
  http: HttpPort,
): Promise<void> {
  if (session === undefined) return
  const { 'content-type': _, ...rest } = headers
  await http.exchange({ ...bounds, url, method: 'DELETE', headers: { ...rest, 'mcp-session-id': session } })
}

import type { LineDuplex } from '@upkeep/contract'
import { EventReader } from '@upkeep/domain/sse-event'
import type { Wire } from './mcp-wire.ts'

/**
 * The HTTP transport of 2024-11-05 as lines: one endless stream for what the server says, and another address for messages, which the
 * stream names first. Null when no stream with a usable address came.
 */
export function openSseDuplex(url: URL, wire: Wire): Promise<LineDuplex | null> {
  const incoming = new LineQueue()
  const events = new EventReader()
  const decoder = new TextDecoder()
  return new Promise((resolve) => {
    const opened = wire.send({
      url,
      method: 'GET',
      headers: { accept: 'text/event-stream' },
      take: (chunk, { status }) => {
        if (status !== 200) return true
        for (const { event, data } of events.feed(decoder.decode(chunk, { stream: true }))) {
          if (event !== 'endpoint') incoming.push(data)
          else resolve(duplexTo(data, { url, wire, incoming }))
        }
        return false
      },
    })
    void opened.then(() => {
      incoming.close()
      resolve(null)
    })
  })
}

/** Messages go nowhere but to the origin that was pointed at. */
function duplexTo(address: string, by: { url: URL; wire: Wire; incoming: LineQueue }): LineDuplex | null {
  const target = URL.canParse(address, by.url) ? new URL(address, by.url) : null
  if (target === null || target.origin !== by.url.origin || target.username !== '' || target.password !== '')
    return null
  let posted: Promise<unknown> = Promise.resolve()
  return {
    // One after the other: a message must not overtake the one before.
    send(line) {
      posted = posted.then(() => post(line, target, by))
      return !by.incoming.closed
    },
    lines: () => by.incoming.lines(),
  }
}

async function post(line: string, url: URL, { wire, incoming }: { wire: Wire; incoming: LineQueue }): Promise<void> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const answer = await wire.send({ url, method: 'POST', headers, body: line, take: () => false })
  if (answer === null || answer.status >= 300) incoming.close()
}

/** Lines that wait to be read. What waits is bounded by the wire. */
class LineQueue {
  readonly #waiting: string[] = []
  #wake: (() => void) | null = null
  closed = false

  push(line: string): void {
    this.#waiting.push(line)
    this.#wake?.()
  }

  close(): void {
    this.closed = true
    this.#wake?.()
  }

  async *lines(): AsyncGenerator<string> {
    for (;;) {
      const line = this.#waiting.shift()
      if (line !== undefined) yield line
      else if (this.closed) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}

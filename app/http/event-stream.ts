import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemBody } from './problem.ts'
import type { CallAnswer } from './work/messages.ts'
import type { Listener } from './work/runner.ts'

/** Whether the caller wants to hear how it goes, as server-sent events, rather than wait for the answer. */
export function wantsStream(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').split(',').some((one) => one.trim().startsWith('text/event-stream'))
}

/** An open stream of events. Text from elsewhere is JSON in it, so that no line of it can be an event of its own. */
export interface EventStream {
  send(event: string, data: unknown): void
  end(): void
  readonly closed: AbortSignal
}

/** A comment line this often, so that nothing between closes a quiet connection. */
const beatMs = 20_000

export function openStream(request: FastifyRequest, reply: FastifyReply): EventStream {
  const closed = new AbortController()
  reply.hijack()
  const headers = {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  }
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.writeHead(200)
  reply.raw.write(': open\n\n')
  const beat = setInterval(() => reply.raw.write(': \n\n'), beatMs)
  beat.unref()
  request.raw.once('close', () => {
    clearInterval(beat)
    closed.abort()
  })
  return {
    send: (event, data) => void reply.raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    end: () => {
      clearInterval(beat)
      reply.raw.end()
    },
    closed: closed.signal,
  }
}

/** Runs an operation, telling what it does as it goes: `progress`, `tell`, then one `answer` or `problem`. A write goes on when the caller leaves. */
export async function streamAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  run: (listener: Listener) => Promise<CallAnswer>,
): Promise<void> {
  const stream = openStream(request, reply)
  const answer = await run({
    progress: (text) => stream.send('progress', { text }),
    tell: (text) => stream.send('tell', { text }),
  })
  if (answer.state === 'failed') stream.send('problem', problemBody(answer.problem, 0, request.id))
  else if (answer.state === 'answered') {
    const { outcome, replayed, body } = answer
    stream.send('answer', { outcome, replayed, output: JSON.parse(body) })
  }
  stream.end()
}

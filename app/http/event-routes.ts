import type { FastifyInstance } from 'fastify'
import { holds, notSignedIn } from './access/principal.ts'
import { type CallerOf, eventsPath } from './access/recognise-callers.ts'
import { type EventStream, openStream } from './event-stream.ts'
import { sendProblem } from './problem.ts'
import type { OperationRunner } from './work/runner.ts'

const lookEveryMs = 2_000
const mostStreams = 1_000

/** `/api/v1/events`: tells those who look that something was recorded, so that they look again. It never says what. Whose
 * session or token ended hears nothing more. */
export function eventRoutes(server: FastifyInstance, runner: OperationRunner, callerOf: CallerOf): void {
  const streams = new Map<EventStream, () => Promise<boolean>>()
  let last: string | null = null
  const look = setInterval(async () => {
    if (streams.size === 0) return
    const now = await runner.version()
    for (const [stream, stillHere] of streams) {
      if (!(await stillHere())) stream.end()
      else if (last !== null && now !== last) stream.send('changed', {})
    }
    last = now
  }, lookEveryMs)
  look.unref()
  server.addHook('onClose', async () => {
    clearInterval(look)
    for (const stream of streams.keys()) stream.end()
  })
  server.get(eventsPath, { logLevel: 'warn' }, async (request, reply) => {
    const { principal } = request
    if (principal === null || !holds(principal.roles, 'viewer')) return sendProblem(reply, notSignedIn)
    if (streams.size >= mostStreams)
      return sendProblem(reply, { code: 'too-many', message: 'Too many are looking.', means: '', action: 'Try later.' })
    const stream = openStream(request, reply)
    streams.set(stream, async () => (await callerOf(request, false)) !== null)
    stream.closed.addEventListener('abort', () => streams.delete(stream), { once: true })
    return reply
  })
}

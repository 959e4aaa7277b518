import type { FastifyInstance } from 'fastify'
import { holds } from './access/principal.ts'
import { type EventStream, openStream } from './event-stream.ts'
import { apiRoot } from './operation-routes.ts'
import { sendProblem } from './problem.ts'
import type { OperationRunner } from './work/runner.ts'

const lookEveryMs = 2_000
const mostStreams = 1_000

/** `/api/v1/events`: tells those who look that something was recorded, so that they look again. It never says what. */
export function eventRoutes(server: FastifyInstance, runner: OperationRunner): void {
  const streams = new Set<EventStream>()
  let last: string | null = null
  const look = setInterval(async () => {
    if (streams.size === 0) return
    const now = await runner.version()
    if (last !== null && now !== last) for (const stream of streams) stream.send('changed', {})
    last = now
  }, lookEveryMs)
  look.unref()
  server.addHook('onClose', async () => {
    clearInterval(look)
    for (const stream of streams) stream.end()
  })
  server.get(`${apiRoot}/events`, { logLevel: 'warn' }, async (request, reply) => {
    const { principal } = request
    if (principal === null || !holds(principal.roles, 'viewer'))
      return sendProblem(reply, {
        code: 'not-signed-in',
        message: 'Nobody is signed in.',
        means: '',
        action: 'Sign in.',
      })
    if (streams.size >= mostStreams)
      return sendProblem(reply, { code: 'too-many', message: 'Too many are looking.', means: '', action: 'Try later.' })
    const stream = openStream(request, reply)
    streams.add(stream)
    stream.closed.addEventListener('abort', () => streams.delete(stream), { once: true })
    return reply
  })
}

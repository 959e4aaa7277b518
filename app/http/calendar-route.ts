import type { FastifyInstance } from 'fastify'
import { permission } from './access/principal.ts'
import type { Exposed } from './exposed.ts'
import { noFields } from './own-routes.ts'
import { sendProblem } from './problem.ts'
import type { OperationRunner } from './work/runner.ts'

/** `/calendar.ics`: what the operation `windows` hands out as a feed, under an address that a calendar program can keep. */
export function calendarRoute(server: FastifyInstance, table: readonly Exposed[], runner: OperationRunner): void {
  const windows = table.find(({ operation, effect }) => operation.id === 'windows' && effect === 'write')
  if (windows === undefined) return
  server.get('/calendar.ics', async (request, reply) => {
    const { principal, refusal } = permission(request.principal, windows)
    if (refusal !== null) return sendProblem(reply, refusal)
    if (/\?./.test(request.url)) return sendProblem(reply, noFields)
    const { person, roles, agent } = principal
    const caller = { person, roles, agent }
    const input = { feed: true }
    const asked = { operation: 'windows', effect: 'write' as const, input, caller, page: null, known: null, key: null }
    const answer = await runner.run(asked)
    if (answer.state === 'failed') return sendProblem(reply, answer.problem)
    const { feed } = Object(answer.state === 'answered' ? JSON.parse(answer.body) : {})
    return reply
      .header('cache-control', 'private, no-cache')
      .header('content-disposition', 'inline; filename="upkeep.ics"')
      .type('text/calendar; charset=utf-8')
      .send(feed)
  })
}

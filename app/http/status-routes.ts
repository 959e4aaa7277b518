import { StatusPageContent } from '@upkeep/domain/notices/status-page'
import { contentPolicy } from '@upkeep/engine/report/html/content-policy'
import { statusHtml } from '@upkeep/engine/report/html/status-page'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { permission } from './access/principal.ts'
import { noFields } from './own-routes.ts'
import { sendProblem } from './problem.ts'
import type { OperationRunner } from './work/runner.ts'

interface Shown {
  readonly content: StatusPageContent
  readonly stamps: readonly string[]
}

/**
 * `/status` and `/status.json`: which servers can be used now, as the operation `status-page` says it. Shown to who may look; to everybody where
 * `statusPage.public` is set in `upkeep.yaml`.
 */
export function statusRoutes(server: FastifyInstance, runner: OperationRunner): void {
  server.get('/status', async (request, reply) => {
    const shown = await contentFor(request, reply)
    if (shown === null) return reply
    const policy = `${contentPolicy}; frame-ancestors 'none'`
    return reply
      .header('content-security-policy', policy)
      .type('text/html; charset=utf-8')
      .send(statusHtml(shown.content, shown.stamps))
  })
  server.get('/status.json', async (request, reply) => {
    const shown = await contentFor(request, reply)
    if (shown === null) return reply
    const { public: _, ...data } = shown.content
    const { stamps } = shown
    return reply.type('application/json').send(JSON.stringify(stamps.length === 0 ? data : { ...data, stamps }))
  })

  /** Null where something else was answered. Everybody is told the same, so that nothing of who asks can show. */
  async function contentFor(request: FastifyRequest, reply: FastifyReply): Promise<Shown | null> {
    const caller = { person: 'status', roles: ['viewer' as const], agent: true }
    const asked = {
      operation: 'status-page',
      effect: 'read' as const,
      input: {},
      caller,
      page: null,
      known: null,
      key: null,
    }
    const { refusal } = permission(request.principal, { role: 'viewer', operation: { id: 'status-page' } })
    const answer = await runner.run(asked)
    if (answer.state !== 'answered') {
      // What is wrong with the state is nobody's affair who may not look.
      if (refusal !== null) sendProblem(reply, refusal)
      else if (answer.state === 'failed') sendProblem(reply, answer.problem)
      return null
    }
    const { files: _, stamps = [], ...rest } = Object(JSON.parse(answer.body))
    const content = StatusPageContent.parse(rest)
    if (!content.public && refusal !== null) {
      sendProblem(reply, refusal)
      return null
    }
    if (/\?./.test(request.url)) {
      sendProblem(reply, noFields)
      return null
    }
    reply.header('cache-control', content.public ? 'public, max-age=60' : 'private, no-cache')
    return { content, stamps }
  }
}

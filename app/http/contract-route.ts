import type { FastifyInstance } from 'fastify'
import { sendProblem } from './problem.ts'
import type { OperationRunner } from './work/runner.ts'

/**
 * `/maintenance/<server>.json`: the newest contract that was published of a server, for everybody, where `upkeep.yaml` lists it as public. What
 * is not listed and what is not there get the same answer.
 */
export function contractRoute(server: FastifyInstance, runner: OperationRunner): void {
  server.get<{ Params: { file: string } }>('/maintenance/:file', async (request, reply) => {
    const name = /^(.{1,190})\.json$/s.exec(request.params.file)?.[1]
    if (name === undefined) return sendProblem(reply, notThere)
    const caller = { person: 'everybody', roles: ['viewer' as const], agent: true }
    const input = { server: name, listed: true }
    const asked = {
      operation: 'contract.show',
      effect: 'read' as const,
      input,
      caller,
      page: null,
      known: null,
      key: null,
    }
    const answer = await runner.run(asked)
    if (answer.state !== 'answered') return sendProblem(reply, notThere)
    const { document } = Object(JSON.parse(answer.body))
    return reply.header('cache-control', 'public, max-age=60').type('application/json').send(document)
  })
}

const notThere = {
  code: 'not-found',
  message: 'No contract of that server is public here.',
  means: '',
  action: 'Its owner lists it in upkeep.yaml: servers, contract, public.',
}

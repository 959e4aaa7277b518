import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { McpHandler } from '../mcp/http-handler.ts'
import { questionLog } from '../mcp/question-log.ts'
import { mayUse } from './access/principal.ts'
import { sendProblem } from './problem.ts'
import type { OperationRunner } from './work/runner.ts'

export const mcpPath = '/mcp'
const metadataPath = `/.well-known/oauth-protected-resource${mcpPath}`

/** What the MCP door over HTTP is made of. */
export interface McpRoutesInput {
  readonly version: string
  readonly runner: OperationRunner
  readonly stateDir: string
  origins(): readonly string[]
}

/** `/mcp`: the questions of agents. The library of the protocol is loaded by the first of them. */
export function mcpRoutes(server: FastifyInstance, input: McpRoutesInput): void {
  let opened: Promise<McpHandler> | null = null
  const open = async () => {
    const { mcpHandler } = await import('../mcp/http-handler.ts')
    const { version, runner, stateDir } = input
    const log = questionLog(stateDir, () => new Date())
    return mcpHandler({ version, door: 'http', log, run: (call, signal) => runner.run(call, { signal }) })
  }
  server.addHook('onClose', async () => (await opened)?.close())
  server.route({
    method: ['GET', 'POST', 'DELETE'],
    url: mcpPath,
    handler: async (request, reply) => {
      const { origin } = request.headers
      // The protocol asks that another site may not even look.
      if (origin !== undefined && !input.origins().includes(origin)) return sendProblem(reply, foreign)
      const { principal } = request
      const refusal = mayUse(principal, { role: 'viewer', operation: { id: 'mcp' } })
      if (principal === null || refusal !== null) return challenge(request, reply, refusal)
      opened ??= open()
      const answered = await (await opened).answer(webRequest(request, reply), request.body, principal)
      return reply.send(answered)
    },
  })
  server.get(metadataPath, async (request, reply) => reply.type('application/json').send(metadata(request)))
}

/** Where a client learns how to be let in (RFC 9728). */
function challenge(request: FastifyRequest, reply: FastifyReply, refusal: ReturnType<typeof mayUse>): FastifyReply {
  if (request.principal === null)
    reply.header('www-authenticate', `Bearer resource_metadata="${rootOf(request)}${metadataPath}"`)
  return sendProblem(reply, refusal ?? foreign)
}

/** RFC 9728. Where tokens are issued is not among it: an admin hands them out. */
function metadata(request: FastifyRequest) {
  return {
    resource: `${rootOf(request)}${mcpPath}`,
    resource_name: 'upkeep',
    bearer_methods_supported: ['header'],
  }
}

/** The `Host` of the request was held against our own names before. */
function rootOf({ protocol, headers }: FastifyRequest): string {
  return `${protocol}://${headers.host ?? ''}`
}

/** The request as the library reads it: without what lets somebody in. Its body was read already. */
function webRequest(request: FastifyRequest, reply: FastifyReply): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && !['cookie', 'authorization', 'content-length'].includes(name))
      headers.set(name, value)
  }
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const { method } = request
  return new Request(`${rootOf(request)}${mcpPath}`, { method, headers, signal: gone.signal })
}

const foreign = {
  code: 'not-allowed',
  message: 'Another site may not do this here.',
  means: 'Nothing was shown.',
  action: 'Use the address that "upkeep serve" printed.',
}

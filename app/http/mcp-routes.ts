import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { McpHandler } from '../mcp/http-handler.ts'
import { questionLog } from '../mcp/question-log.ts'
import { notSignedIn } from './access/principal.ts'
import { mcpPath } from './access/recognise-callers.ts'
import { originOf } from './came-to.ts'
import { anotherSite } from './guard-origin.ts'
import { sendProblem } from './problem.ts'
import type { OperationRunner } from './work/runner.ts'

const metadataPath = `/.well-known/oauth-protected-resource${mcpPath}`

/** What the MCP door over HTTP is made of. */
export interface McpRoutesInput {
  readonly version: string
  readonly runner: OperationRunner
  readonly stateDir: string
  /** Where agents get tokens; null where only the terminal makes them. */
  readonly issuer: string | null
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
    onSend: async (request, reply) => {
      // Whoever is not let in learns where to ask, also where a token was wrong (RFC 9728).
      if (reply.statusCode === 401)
        reply.header('www-authenticate', `Bearer resource_metadata="${originOf(request)}${metadataPath}"`)
    },
    handler: async (request, reply) => {
      const { origin } = request.headers
      // The protocol asks that another site may not even look.
      if (origin !== undefined && origin !== originOf(request)) return sendProblem(reply, anotherSite)
      const { principal } = request
      if (principal === null) return sendProblem(reply, notSignedIn)
      opened ??= open()
      const answered = await (await opened).answer(webRequest(request, reply), request.body, principal)
      return reply.send(answered)
    },
  })
  server.get(metadataPath, async (request, reply) =>
    reply.type('application/json').send(metadata(request, input.issuer)),
  )
}

/** RFC 9728. Tokens that are made at the terminal are taken besides. */
function metadata(request: FastifyRequest, issuer: string | null) {
  return {
    resource: `${originOf(request)}${mcpPath}`,
    resource_name: 'upkeep',
    ...(issuer !== null && { authorization_servers: [issuer] }),
    bearer_methods_supported: ['header'],
  }
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
  return new Request(`${originOf(request)}${mcpPath}`, { method, headers, signal: gone.signal })
}

import { createServer as createPlain, type RequestListener, type Server } from 'node:http'
import { createServer as createTls, type Server as TlsServer } from 'node:https'
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import { newId } from '@upkeep/engine/kernel/ids'
import fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify'
import helmet from 'helmet'
import { operations } from '../operations/table.ts'
import type { ServeBinding } from '../serve-binding.ts'
import type { Access } from './access/access.ts'
import { callersOf, recogniseCallers } from './access/recognise-callers.ts'
import { sessionRoutes } from './access/session-routes.ts'
import { calendarRoute } from './calendar-route.ts'
import { addressesIn, arrivals, type Names } from './came-to.ts'
import { consoleFiles } from './console-files.ts'
import { contractRoute } from './contract-route.ts'
import { downloadRoutes } from './download-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { downloads, exposed } from './exposed.ts'
import { guardOrigin } from './guard-origin.ts'
import { healthRoutes } from './health-routes.ts'
import { mcpRoutes } from './mcp-routes.ts'
import { openApi } from './open-api.ts'
import { operationRoutes } from './operation-routes.ts'
import { sendProblem } from './problem.ts'
import { readJson } from './read-json.ts'
import { statusRoutes } from './status-routes.ts'
import type { TlsPair } from './tls-files.ts'
import { unreadableAddress, unreadableBytes } from './unreadable.ts'
import type { OperationRunner } from './work/runner.ts'

/** What the HTTP door is made of. */
export interface ServerInput {
  readonly version: string
  readonly runner: OperationRunner
  readonly access: Access
  readonly stateDir: string
  readonly binding: Pick<ServeBinding, 'behind'>
  /** TLS of its own; null where there is none. */
  readonly tls: (Pick<TlsPair, 'cert' | 'key'> & { made(server: TlsServer): void }) | null
  /** Names under which this server is reached. Any other `Host` is refused. */
  names(): Names
  readonly logger: FastifyServerOptions['logger']
}

const bodyBytes = 1_000_000
/** Who is not signed in has little to ask; who is may page through a large fleet. */
const [strangerPerMinute, knownPerMinute] = [300, 60_000]

/** The HTTP door: API, events, health. Nothing in it decides what an operation does. */
export async function createServer({
  version,
  runner,
  access,
  stateDir,
  binding,
  tls,
  names,
  logger,
}: ServerInput): Promise<FastifyInstance> {
  const server = fastify({
    logger: logger ?? false,
    bodyLimit: bodyBytes,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(new Date().toISOString()),
    forceCloseConnections: true,
    frameworkErrors: unreadableAddress,
    clientErrorHandler: unreadableBytes,
    // A name of somebody's own may be long, and each of its letters nine in an address.
    routerOptions: { maxParamLength: 4_000 },
    // Of what a proxy says nothing is believed that did not come from where it is.
    trustProxy: binding.behind === null ? false : addressesIn(binding.behind.proxies),
    serverFactory: (handler) => plainOrTls(tls, handler),
  })
  readJson(server)
  await server.register(cookie)
  // Made once: as a plugin of the server it would put the policy together anew at each request.
  const shield = helmet({ contentSecurityPolicy: { useDefaults: false, directives: policy }, hsts: false })
  server.addHook('onRequest', (request, reply, done) => shield(request.raw, reply.raw, () => done()))
  guardOrigin(server, arrivals(binding, names))
  const callerOf = callersOf(access, runner)
  recogniseCallers(server, callerOf, access)
  await server.register(rateLimit, {
    timeWindow: 60_000,
    max: (request) => (request.principal === null ? strangerPerMinute : knownPerMinute),
    keyGenerator: (request) => (request.principal === null ? request.ip : `known ${request.principal.person}`),
  })
  server.setErrorHandler((error: { statusCode?: number; name: string; code?: string }, request, reply) => {
    const { statusCode = 500 } = error
    if (statusCode >= 500) request.log.error({ class: error.name, code: error.code }, 'upkeep itself failed')
    return sendProblem(reply, problemOf(statusCode))
  })
  server.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, {
      code: 'not-found',
      message: 'There is nothing under this address.',
      means: '',
      action: 'See /openapi.json.',
    }),
  )
  const table = exposed(operations)
  sessionRoutes(server, access)
  healthRoutes(server, runner)
  eventRoutes(server, runner, callerOf)
  operationRoutes(server, table, runner)
  statusRoutes(server, runner)
  mcpRoutes(server, { version, runner, stateDir, issuer: access.provider?.issuer ?? null })
  calendarRoute(server, table, runner)
  contractRoute(server, runner)
  downloadRoutes(server, downloads(operations), { runner, stateDir })
  await consoleFiles(server)
  const document = JSON.stringify(openApi(table, version))
  server.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(document))
  return server
}

/** Who sends nothing, or a little at a time, is let go after seconds. */
const bounds = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 72_000,
}

function plainOrTls(tls: ServerInput['tls'], handler: RequestListener): Server {
  if (tls === null) return createPlain(bounds, handler)
  const server = createTls({ ...bounds, cert: tls.cert, key: tls.key }, handler)
  tls.made(server)
  return server
}

/** Nothing of anybody else, nothing inline. */
const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

function problemOf(status: number) {
  const codes: Record<number, readonly [string, string]> = {
    400: ['bad-input', 'The request cannot be read: it has to be JSON.'],
    408: ['bad-input', 'The request took too long to arrive.'],
    413: ['too-large', 'The request is larger than a megabyte.'],
    415: ['unsupported-form', 'The request has to be application/json.'],
    429: ['too-many', 'There are too many requests from this address.'],
  }
  const [code, message] =
    codes[status] ?? (status < 500 ? ['bad-input', 'The request is not valid.'] : ['defect', 'upkeep itself failed.'])
  return { code: code ?? 'defect', message: message ?? '', means: 'Nothing was done.', action: 'See /openapi.json.' }
}

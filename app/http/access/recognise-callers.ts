import type { FastifyInstance, FastifyRequest } from 'fastify'
import { originOf } from '../came-to.ts'
import { sendProblem } from '../problem.ts'
import type { Problem } from '../work/messages.ts'
import type { OperationRunner } from '../work/runner.ts'
import type { Access } from './access.ts'
import type { AccessTokens } from './access-tokens.ts'
import { anotherPage, notSignedIn, type Principal } from './principal.ts'
import { fitsPage } from './sessions.ts'
import { tokenPrincipal } from './token-access.ts'
import { wrongTries } from './wrong-tries.ts'

/** Wrong tokens of one address in a minute that are answered as such. */
const mostWrong = 10

/** Who a request comes from, as it stands now. Who shows a token is judged by it alone, whatever session their browser has. */
export function callersOf(
  access: Pick<Access, 'principalOf' | 'provider' | 'people'>,
  runner: OperationRunner,
): CallerOf {
  let tokens: AccessTokens | null = null
  const ofProvider = async (shown: string, request: FastifyRequest): Promise<Principal | null> => {
    if (access.provider === null || request.routeOptions.url !== mcpPath) return null
    tokens ??= (await import('./access-tokens.ts')).accessTokens(access.provider, access.people)
    return tokens(shown, `${originOf(request)}${mcpPath}`)
  }
  return async (request, did) => {
    const shown = request.headers.authorization
    if (shown === undefined) return access.principalOf(request, did)
    return (await tokenPrincipal(runner, shown)) ?? ofProvider(shown, request)
  }
}

/** Where agents ask, and what tokens of the provider are for: the questions there, and nothing else. */
export const mcpPath = '/mcp'
export const eventsPath = '/api/v1/events'
/** By the route that was found, and not by the address: that can be written in many ways. */
export function isOfApi({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url.startsWith('/api/')
}

/** In which the console sends the key of its page. */
const pageHeader = 'upkeep-page'

/** `did`: the person did something, and not their browser alone. */
export type CallerOf = (request: FastifyRequest, did: boolean) => Promise<Principal | null>

/** A console that nobody touched for a while says so, and what only listens does nothing. */
function personDid({ headers, method }: FastifyRequest): boolean {
  const isListening = method === 'GET' && (headers.accept ?? '').includes('text/event-stream')
  return headers['upkeep-unattended'] === undefined && !isListening
}

/** Puts its caller on each request, refuses wrong tokens, and writes one line for each request that says who asked for what. */
export function recogniseCallers(
  server: FastifyInstance,
  callerOf: CallerOf,
  { standingOf }: Pick<Access, 'standingOf'>,
): void {
  const wrong = wrongTries(mostWrong)
  server.decorateRequest('principal', null)
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    request.principal = await callerOf(request, personDid(request))
    const refusal = refusalOf(request)
    return refusal === null ? undefined : sendProblem(reply, refusal)
  })
  function refusalOf(request: FastifyRequest): Problem | null {
    if (request.principal !== null) return isOfItsPage(request, standingOf) ? null : anotherPage
    if (request.headers.authorization !== undefined) return wrong.add(request.ip) ? tooMany : unknownToken
    return isForSomebody(request) ? notSignedIn : null
  }
  server.addHook('onResponse', async (request, reply) => {
    const { principal } = request
    const who = principal === null ? null : { person: principal.person, by: principal.by }
    request.log.info({ req: request, res: reply, who, ms: Math.round(reply.elapsedTime) }, 'answered')
  })
}

/** Whether a session is used with the key of the page that bound it, where that is asked for. */
function isOfItsPage(request: FastifyRequest, standingOf: Access['standingOf']): boolean {
  if (request.principal?.by !== 'session' || !takesPage(request)) return true
  const session = standingOf(request)?.session
  return session !== undefined && fitsPage(session, request.headers[pageHeader])
}

/**
 * What takes the key of the page beside the cookie, which browsers send to every port of the same name. The stream of events cannot send it, and says
 * nothing but that there is something.
 */
function takesPage(request: FastifyRequest): boolean {
  const { url } = request.routeOptions
  return url === mcpPath || (isOfApi(request) && url !== eventsPath)
}

/** A write, refused before its body is read: whoever is nobody has nothing to say. */
function isForSomebody(request: FastifyRequest): boolean {
  return request.method === 'POST' && (request.routeOptions.url === mcpPath || isOfApi(request))
}

const unknownToken = {
  code: 'not-signed-in',
  message: 'This token opens nothing: it is not known, has ended or was revoked.',
  means: 'Nothing was shown and nothing was done.',
  action: 'At the terminal, "upkeep token list" says which are open, and "upkeep token new" makes one.',
}

const tooMany = {
  code: 'too-many',
  message: 'Too many wrong tokens came from this address.',
  means: 'Nothing was shown and nothing was done.',
  action: 'Wait a minute.',
}

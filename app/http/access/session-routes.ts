import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { originOf } from '../came-to.ts'
import { noFields } from '../own-routes.ts'
import { sendProblem } from '../problem.ts'
import type { Access } from './access.ts'
import { askedSignIns } from './asked-sign-ins.ts'
import { beginSession } from './begin-session.ts'
import { clearCookie, cookieIn, sessionCookie, signInCookie } from './door-cookies.ts'
import { anotherPage, notSignedIn } from './principal.ts'
import { type BindAnswer, BindRequest, type LeaveAnswer, type SessionShown } from './session-shown.ts'
import type { Session } from './sessions.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { signedOutRoute } from './signed-out-route.ts'

/** A few times a minute are enough for a person. */
const guessing = { rateLimit: { max: 10, timeWindow: 60_000 } }

/** `/enter` for the link, `/session` for who is here, `/leave`; and what it takes to sign in with a provider. */
export function sessionRoutes(server: FastifyInstance, access: Access): void {
  const { provider, sessions, link, log } = access
  const asked = askedSignIns()
  server.get<{ Querystring: { link?: string } }>('/enter', { config: guessing }, (request, reply) => {
    const isOwner = request.cameTo?.local === true && link.open(request.query.link)
    const person = isOwner ? access.ownerId : null
    request.log.info({ who: person, how: 'link' }, isOwner ? 'signed in' : 'not signed in')
    const outcome = isOwner ? 'signed-in' : 'link-wrong'
    log.add({ outcome, how: 'link', person, provider: null, subject: null, from: request.ip })
    if (!isOwner) return sendProblem(reply, stale)
    beginSession(access, request, reply, { how: 'link' })
    return reply.header('referrer-policy', 'no-referrer').redirect('/', 303)
  })
  server.get('/session', { logLevel: 'warn' }, async (request, reply) => {
    if (request.url.includes('?')) return sendProblem(reply, noFields)
    const shown: SessionShown = {
      signsInWith: provider?.host ?? null,
      problem: asked.problemOf(cookieIn(request, signInCookie)),
      session: whoIsHere(access, request),
    }
    return reply.header('cache-control', 'no-store').send(shown)
  })
  server.post('/bind', { bodyLimit: 1_000 }, async (request, reply): Promise<BindAnswer | FastifyReply> => {
    const asked = BindRequest.safeParse(request.body)
    if (!asked.success) return sendProblem(reply, noKey)
    const secret = cookieIn(request, sessionCookie)
    if (secret === null || access.standingOf(request) === null) return sendProblem(reply, notSignedIn)
    return sessions.bind(secret, asked.data.key) ? { bound: true } : sendProblem(reply, anotherPage)
  })
  server.post('/leave', { bodyLimit: 1_000 }, async (request, reply): Promise<LeaveAnswer | FastifyReply> => {
    if (!Nothing.safeParse(request.body ?? {}).success) return sendProblem(reply, noFields)
    const secret = cookieIn(request, sessionCookie)
    const person = access.standingOf(request)?.principal.person ?? null
    const ended = secret === null ? null : sessions.end(secret)
    clearCookie(request, reply, sessionCookie)
    if (ended === null) return { next: null }
    return { next: await signedOut(access, request, { ...ended, person }) }
  })
  if (provider === null) return
  signInRoutes(server, { ...access, provider }, asked)
  signedOutRoute(server, { ...access, provider })
}

/** Records it, and says where the provider ends its own session: it would let whoever sits there in again, without asking. */
async function signedOut(
  { provider, log }: Access,
  request: FastifyRequest,
  { session: { by }, idToken, person }: { session: Session; idToken: string | null; person: string | null },
): Promise<string | null> {
  const { how } = by
  const line = { outcome: 'signed-out' as const, how, person, from: request.ip }
  request.log.info({ who: person, how }, 'signed out')
  if (by.how === 'link' || provider === null) {
    log.add({ ...line, provider: null, subject: null })
    return null
  }
  log.add({ ...line, provider: provider.issuer, subject: by.identity.subject })
  return idToken === null ? null : provider.leaveAt(idToken, `${originOf(request)}/`)
}

/** Who is here, for the console. */
function whoIsHere(access: Access, request: FastifyRequest): SessionShown['session'] {
  const standing = access.standingOf(request)
  if (standing === null) return null
  const { principal, session, name } = standing
  return {
    person: principal.person,
    name,
    roles: [...principal.roles],
    how: session.by.how,
    since: new Date(session.since).toISOString(),
    until: new Date(session.until).toISOString(),
  }
}

const Nothing = z.strictObject({})

const noKey = {
  code: 'bad-input',
  message: 'key: 43 characters of base64url, which the page drew at random',
  means: 'Nothing was done.',
  action: 'See docs/http.md.',
}

const stale = {
  code: 'not-signed-in',
  message: 'This link does not open anything: it opens once, within ten minutes.',
  means: 'Nothing was shown.',
  action: 'Press Enter where "upkeep serve" runs for a new one.',
}

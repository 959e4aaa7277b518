import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Role } from '@upkeep/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from '../problem.ts'
import type { Principal } from './principal.ts'

export const sessionCookie = 'upkeep_session'
const linkMinutes = 10
const sessionHours = 12
const mostSessions = 100

/** The access of one machine's user: a link that opens once and soon expires, and a session that it opens. */
export interface LocalAccess {
  /** A fresh link below this origin. Those handed out before no longer open. */
  link(origin: string): string
  /** Whose session this request belongs to; null where it has none. */
  principalOf(request: FastifyRequest): Principal | null
  routes(server: FastifyInstance): void
}

/** Secrets are kept as digests only. `roles` is asked at each request: what is taken from somebody is gone at once. */
export function localAccess(
  user: { readonly person: string; roles(): readonly Role[] },
  now: () => number = Date.now,
): LocalAccess {
  let open: { digest: Buffer; until: number } | null = null
  const sessions = new Map<string, number>()

  function principalOf(request: FastifyRequest): Principal | null {
    const secret = request.cookies[sessionCookie]
    if (secret === undefined || secret.length > 100) return null
    const until = sessions.get(digest(secret).toString('hex'))
    if (until === undefined || until <= now()) return null
    return { person: user.person, roles: user.roles(), operations: null, agent: false, by: 'session' }
  }

  return {
    link(origin) {
      const secret = randomBytes(32).toString('base64url')
      open = { digest: digest(secret), until: now() + linkMinutes * 60_000 }
      return `${origin}/enter?link=${secret}`
    },
    principalOf,
    routes(server) {
      const config = { rateLimit: { max: 10, timeWindow: 60_000 } }
      server.get<{ Querystring: { link?: string } }>('/enter', { config }, (request, reply) => {
        const { link } = request.query
        const fits =
          typeof link === 'string' && open !== null && open.until > now() && timingSafeEqual(digest(link), open.digest)
        request.log.info({ who: fits ? user.person : null }, fits ? 'signed in' : 'not signed in')
        if (!fits) return sendProblem(reply, stale)
        open = null
        return enter(reply, sessions, now)
      })
      server.post('/leave', (request, reply) => {
        const secret = request.cookies[sessionCookie]
        if (secret !== undefined) sessions.delete(digest(secret).toString('hex'))
        return reply.clearCookie(sessionCookie, { path: '/' }).code(204).send()
      })
    },
  }
}

function enter(reply: FastifyReply, sessions: Map<string, number>, now: () => number): FastifyReply {
  for (const [id, until] of sessions) if (until <= now() || sessions.size >= mostSessions) sessions.delete(id)
  const secret = randomBytes(32).toString('base64url')
  sessions.set(digest(secret).toString('hex'), now() + sessionHours * 3_600_000)
  return reply
    .setCookie(sessionCookie, secret, { httpOnly: true, sameSite: 'strict', path: '/', maxAge: sessionHours * 3_600 })
    .header('referrer-policy', 'no-referrer')
    .redirect('/', 303)
}

const stale = {
  code: 'not-signed-in',
  message: 'This link does not open anything: it opens once, within ten minutes.',
  means: 'Nothing was shown.',
  action: 'Press Enter where "upkeep serve" runs for a new one.',
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

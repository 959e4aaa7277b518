import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from './access.ts'
import { cookieIn, sessionCookie, setCookie } from './door-cookies.ts'
import type { CameIn } from './sessions.ts'

/** Always a new one: what the browser had before is ended, whoever gave it to it. */
export function beginSession(
  { sessions }: Pick<Access, 'sessions'>,
  request: FastifyRequest,
  reply: FastifyReply,
  by: CameIn,
): void {
  const before = cookieIn(request, sessionCookie)
  if (before !== null) sessions.end(before)
  const { secret, session } = sessions.begin(by)
  const seconds = Math.ceil((session.until - session.since) / 1_000)
  setCookie(request, reply, { cookie: sessionCookie, secret, seconds })
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { originOf } from '../came-to.ts'

/**
 * Over TLS a cookie bears the name that browsers keep for this very host alone (`__Host-`): no neighbour and nothing without TLS can set it. Each
 * form is believed only where it belongs.
 */
export const sessionCookie = { plain: 'upkeep_session', secure: '__Host-upkeep_session' } as const

/** While somebody is at the provider. It has to arrive with a navigation from there, so that it is lax. */
export const signInCookie = { plain: 'upkeep_sign_in', secure: '__Host-upkeep_sign_in' } as const

export type DoorCookie = typeof sessionCookie | typeof signInCookie

export function cookieIn(request: FastifyRequest, cookie: DoorCookie): string | null {
  return request.cookies[nameFor(request, cookie)] ?? null
}

export function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { cookie, secret, seconds }: { cookie: DoorCookie; secret: string; seconds: number },
): void {
  const sameSite = cookie === sessionCookie ? 'strict' : 'lax'
  const secure = isSecure(request)
  reply.setCookie(nameFor(request, cookie), secret, { httpOnly: true, sameSite, secure, path: '/', maxAge: seconds })
}

export function clearCookie(request: FastifyRequest, reply: FastifyReply, cookie: DoorCookie): void {
  reply.clearCookie(nameFor(request, cookie), { path: '/', secure: isSecure(request), httpOnly: true })
}

function nameFor(request: FastifyRequest, cookie: DoorCookie): string {
  return isSecure(request) ? cookie.secure : cookie.plain
}

function isSecure(request: FastifyRequest): boolean {
  return originOf(request).startsWith('https:')
}

import { z } from 'zod'
import type { Provider } from './provider.ts'
import { signedByProvider } from './provider-keys.ts'

/** Whom the provider signed out: one of their sessions there, or all of somebody. */
export interface SignedOut {
  readonly subject: string | null
  readonly sid: string | null
  /** When it said so, in milliseconds since 1970. */
  readonly at: number
}

const event = 'http://schemas.openid.net/event/backchannel-logout'
const Claims = z
  .looseObject({
    jti: z.string().min(1).max(500),
    iat: z.number(),
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(500).optional(),
    events: z.looseObject({ [event]: z.looseObject({}) }),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined)
const form = /^[\w-]{1,2000}\.[\w-]{1,8000}\.[\w-]{1,2000}$/
/** How old one may be: after that a copy of it is worth nothing. */
const oldestSeconds = 300
/** By how much clocks may differ. */
export const skewSeconds = 60
const mostKnown = 10_000

/**
 * Logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.6): signed by the provider, for this client, of now, not seen before, about that event, and
 * with no `nonce`, so that no ID token passes for one. Null for everything else.
 */
export function logoutTokens(provider: Provider): (shown: string) => Promise<SignedOut | null> {
  const signed = signedByProvider(provider)
  const known = new Map<string, number>()
  return async (shown) => {
    if (!form.test(shown)) return null
    const said = await signed(shown, {
      audience: provider.clientId,
      requiredClaims: ['iat', 'jti', 'events'],
      maxTokenAge: oldestSeconds,
      clockTolerance: skewSeconds,
    })
    if (said === null || 'nonce' in said.claims || !isLogoutType(said.type)) return null
    const claims = Claims.safeParse(said.claims).data
    if (claims === undefined || known.has(claims.jti)) return null
    forgetOld(known, claims.iat)
    known.set(claims.jti, claims.iat)
    return { subject: claims.sub ?? null, sid: claims.sid ?? null, at: claims.iat * 1_000 }
  }
}

/** What is too old to be believed again needs no remembering. */
function forgetOld(known: Map<string, number>, now: number): void {
  for (const [jti, iat] of known) if (known.size >= mostKnown || now - iat > 2 * oldestSeconds) known.delete(jti)
}

function isLogoutType(type: string | null): boolean {
  return type === null || ['jwt', 'logout+jwt', 'application/logout+jwt'].includes(type.toLowerCase())
}

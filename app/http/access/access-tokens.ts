import { boundedFetch } from '@upkeep/engine/login/bounded-fetch'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { createRemoteJWKSet, customFetch, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { identityIn, personOf } from './identity.ts'
import type { PeopleHere } from './people-here.ts'
import type { Principal } from './principal.ts'
import type { Provider } from './provider.ts'

/** Who shows an access token of the provider that is for this resource; null where it opens nothing. */
export type AccessTokens = (shown: string, resource: string) => Promise<Principal | null>

const form = /^bearer ([\w-]{1,2000}\.[\w-]{1,8000}\.[\w-]{1,2000})$/i
/** By a key of the provider's own: what both sides would have to know is no signature of it. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/**
 * Access tokens as signed JWTs (RFC 9068), for the questions of agents. Issuer, audience, times and the signature are checked; who it is for has to
 * be named in `upkeep.yaml`, and may look and no more.
 */
export function accessTokens(provider: Provider, people: PeopleHere): AccessTokens {
  let keys: JWTVerifyGetKey | null = null
  return async (shown, resource) => {
    const token = form.exec(shown)?.[1]
    if (token === undefined) return null
    keys ??= await keysOf(provider)
    const claims = keys === null ? null : await claimsOf(token, keys, { issuer: provider.issuer, audience: resource })
    const identity = claims === null ? null : identityIn(claims)
    const person = identity === null ? null : personOf(identity, people() ?? [])
    if (person === null || person.roles.length === 0) return null
    // No person of upkeep.yaml can be called so: a program speaks for them, and is not them.
    return { person: `oidc:${person.id}`, roles: ['viewer'], operations: null, agent: true, by: 'token' }
  }
}

async function keysOf(provider: Provider): Promise<JWTVerifyGetKey | null> {
  try {
    const fetched = boundedFetch(createHttpPort())
    return createRemoteJWKSet(new URL(await provider.keysAt()), {
      [customFetch]: (url, { method, headers }) =>
        fetched(url, { method, headers: Object.fromEntries(headers), body: null, redirect: 'manual' }),
    })
  } catch {
    return null
  }
}

async function claimsOf(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience }: { issuer: string; audience: string },
): Promise<JWTPayload | null> {
  try {
    const asked = { issuer, audience, algorithms, requiredClaims: ['exp', 'sub'] }
    const { payload } = await jwtVerify(token, keys, asked)
    // What says who signed in to somebody is no key to anything.
    return 'nonce' in payload ? null : payload
  } catch {
    return null
  }
}

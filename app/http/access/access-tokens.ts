import { identityIn, personOf } from './identity.ts'
import type { PeopleHere } from './people-here.ts'
import type { Principal } from './principal.ts'
import type { Provider } from './provider.ts'
import { signedByProvider } from './provider-keys.ts'

/** Who shows an access token of the provider that is for this resource; null where it opens nothing. */
export type AccessTokens = (shown: string, resource: string) => Promise<Principal | null>

const form = /^bearer ([\w-]{1,2000}\.[\w-]{1,8000}\.[\w-]{1,2000})$/i

/**
 * Access tokens as signed JWTs (RFC 9068), for the questions of agents. Issuer, audience, times and the signature are checked; who it is for has to
 * be named in `upkeep.yaml`, and may look and no more.
 */
export function accessTokens(provider: Provider, people: PeopleHere): AccessTokens {
  const signed = signedByProvider(provider)
  return async (shown, resource) => {
    const token = form.exec(shown)?.[1]
    if (token === undefined) return null
    const said = await signed(token, { audience: resource, requiredClaims: ['exp', 'sub'] })
    // What says who signed in to somebody is no key to anything.
    const identity = said === null || 'nonce' in said.claims ? null : identityIn(said.claims)
    const person = identity === null ? null : personOf(identity, people() ?? [])
    if (person === null || person.roles.length === 0) return null
    // No person of upkeep.yaml can be called so: a program speaks for them, and is not them.
    return { person: `oidc:${person.id}`, roles: ['viewer'], operations: null, agent: true, by: 'token' }
  }
}

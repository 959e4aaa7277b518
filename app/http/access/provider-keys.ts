import { boundedFetch } from '@upkeep/engine/login/bounded-fetch'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { createRemoteJWKSet, customFetch, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { Provider } from './provider.ts'

/** By a key of the provider's own: what both sides would have to know is no signature of it. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** What a token of the provider says, where it is signed by it and is what was asked for; else null. */
export type SignedByProvider = (
  token: string,
  asked: Pick<JWTVerifyOptions, 'audience' | 'requiredClaims' | 'maxTokenAge' | 'clockTolerance'>,
) => Promise<{ claims: JWTPayload; type: string | null } | null>

/** Its keys are fetched when they are needed first, and again as `jose` sees fit. */
export function signedByProvider(provider: Pick<Provider, 'issuer' | 'keysAt'>): SignedByProvider {
  let keys: ReturnType<typeof createRemoteJWKSet> | null = null
  return async (token, asked) => {
    try {
      keys ??= await keysOf(provider)
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        ...asked,
        issuer: provider.issuer,
        algorithms,
      })
      return { claims: payload, type: protectedHeader.typ ?? null }
    } catch {
      return null
    }
  }
}

async function keysOf({ keysAt }: Pick<Provider, 'keysAt'>) {
  const fetched = boundedFetch(createHttpPort())
  return createRemoteJWKSet(new URL(await keysAt()), {
    [customFetch]: (url, { method, headers }) =>
      fetched(url, { method, headers: Object.fromEntries(headers), body: null, redirect: 'manual' }),
  })
}

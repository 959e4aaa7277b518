import type { OidcSettings } from '@upkeep/contract'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import { boundedFetch } from '@upkeep/engine/login/bounded-fetch'
import { createHttpPort } from '@upkeep/engine/ports/http'
import type * as oauth from 'openid-client'
import { type Identity, identityIn } from './identity.ts'

/** What is asked of the provider for one sign-in, and kept until somebody comes back. */
export interface AskedSignIn {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Why a sign-in came to nothing. `down`: it does not answer; `refused`: it says no; `not-believed`: what it says does not fit. */
export type SignInFailure = 'down' | 'refused' | 'not-believed'

export class SignInFailed extends Error {
  readonly why: SignInFailure
  constructor(why: SignInFailure, options?: ErrorOptions) {
    super(why, options)
    this.name = 'SignInFailed'
    this.why = why
  }
}

/** The OpenID provider that people sign in with: authorization code with PKCE, `state` and `nonce`, its signatures checked. */
export interface Provider {
  readonly issuer: string
  /** What it knows upkeep by. */
  readonly clientId: string
  /** What people know it by. */
  readonly host: string
  /** Where a browser is sent. Throws SignInFailed. */
  begin(redirectUri: string): Promise<{ url: string; asked: AskedSignIn }>
  /** Who came back. Throws SignInFailed. */
  finish(cameBackWith: URL, asked: AskedSignIn): Promise<SignedIn>
  /** Where it ends its own session (RP-initiated logout); null where it offers none. */
  leaveAt(idToken: string, backTo: string): Promise<string | null>
  /** Where its public keys are. Throws SignInFailed. */
  keysAt(): Promise<string>
}

/** Who came back, by which session at the provider (null where it does not say), and the token that says so. */
export interface SignedIn {
  readonly identity: Identity
  readonly sid: string | null
  readonly idToken: string
}

const knownForMs = 3_600_000

/** Nothing is asked of it before somebody signs in; what it publishes of itself is asked for anew each hour. */
export function openProvider(
  { issuer, clientId, scopes }: Pick<OidcSettings, 'issuer' | 'clientId' | 'scopes'>,
  clientSecret: string | null,
  now: () => number = Date.now,
): Provider {
  let known: { until: number; made: Promise<Known> } | null = null
  const client = (): Promise<Known> => {
    if (known !== null && known.until > now()) return known.made
    const made = discovered({ issuer, clientId, clientSecret })
    known = { until: now() + knownForMs, made }
    // What failed is tried again by the next one who comes.
    made.catch(() => {
      known = null
    })
    return made
  }
  return {
    issuer,
    clientId,
    host: new URL(issuer).host,
    begin: (redirectUri) => begun(client, { redirectUri, scope: scopes.join(' ') }),
    finish: (cameBackWith, asked) => finished(client, cameBackWith, asked),
    async leaveAt(idToken, backTo) {
      try {
        const { lib, config } = await client()
        if (config.serverMetadata().end_session_endpoint === undefined) return null
        return lib.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: backTo }).href
      } catch {
        return null
      }
    },
    async keysAt() {
      const { config } = await client()
      return config.serverMetadata().jwks_uri ?? ''
    },
  }
}

interface Known {
  readonly lib: typeof oauth
  readonly config: oauth.Configuration
}

async function discovered(asked: { issuer: string; clientId: string; clientSecret: string | null }): Promise<Known> {
  const { issuer, clientId, clientSecret } = asked
  const lib = await import('openid-client')
  const insecure = isLoopbackUrl(issuer) ? [lib.allowInsecureRequests] : []
  const config = await inOurWords(() =>
    lib.discovery(new URL(issuer), clientId, undefined, proofOf(lib, clientSecret), {
      [lib.customFetch]: boundedFetch(createHttpPort()),
      execute: [...insecure, lib.enableNonRepudiationChecks],
      timeout: 10,
    }),
  )
  const { issuer: named, jwks_uri: keys, code_challenge_methods_supported: pkce } = config.serverMetadata()
  // One that speaks for many issuers (as some clouds do under a common address) would let strangers in under an address of ours.
  if (new URL(named).href !== new URL(issuer).href || keys === undefined) throw new SignInFailed('not-believed')
  if (pkce !== undefined && !pkce.includes('S256')) throw new SignInFailed('not-believed')
  return { lib, config }
}

/** By the header where it may be, which is what the standard takes where nothing is said. */
function proofOf(lib: typeof oauth, clientSecret: string | null): oauth.ClientAuth {
  if (clientSecret === null) return lib.None()
  const [basic, post] = [lib.ClientSecretBasic(clientSecret), lib.ClientSecretPost(clientSecret)]
  return (server, ...rest) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (ways.includes('client_secret_basic') ? basic : post)(server, ...rest)
  }
}

async function begun(
  client: () => Promise<Known>,
  { redirectUri, scope }: { redirectUri: string; scope: string },
): Promise<{ url: string; asked: AskedSignIn }> {
  const { lib, config } = await client()
  const asked = { state: lib.randomState(), nonce: lib.randomNonce(), verifier: lib.randomPKCECodeVerifier() }
  const url = lib.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: asked.state,
    nonce: asked.nonce,
    code_challenge: await lib.calculatePKCECodeChallenge(asked.verifier),
    code_challenge_method: 'S256',
  })
  return { url: url.href, asked }
}

async function finished(
  client: () => Promise<Known>,
  cameBackWith: URL,
  { state, nonce, verifier }: AskedSignIn,
): Promise<SignedIn> {
  const { lib, config } = await client()
  const given = await inOurWords(() =>
    lib.authorizationCodeGrant(config, cameBackWith, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    }),
  )
  const claims = given.claims()
  if (claims === undefined || given.id_token === undefined) throw new SignInFailed('not-believed')
  const identity = identityIn({ ...(await furtherClaims({ lib, config }, given.access_token, claims)), ...claims })
  if (identity === null) throw new SignInFailed('not-believed')
  const { sid } = claims
  return { identity, sid: typeof sid === 'string' ? sid : null, idToken: given.id_token }
}

/** Some providers say the address only where it is asked for by itself. What stands in the signed token goes before it. */
async function furtherClaims(
  { lib, config }: Known,
  accessToken: string,
  claims: oauth.IDToken,
): Promise<Record<string, unknown>> {
  if (claims.email !== undefined || config.serverMetadata().userinfo_endpoint === undefined) return {}
  return inOurWords(() => lib.fetchUserInfo(config, accessToken, claims.sub))
}

/** What a provider writes in its errors is not repeated. */
async function inOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new SignInFailed(failureIn(error), { cause: error })
  }
}

function failureIn(error: unknown): SignInFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT') return 'down'
  // Our own hands throw it where nothing came back (`boundedFetch`); those of the library bear a code.
  if (error instanceof TypeError && code === '') return 'down'
  if (code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR') return 'refused'
  return code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' ? 'down' : 'not-believed'
}

import type { HttpPort } from '@upkeep/contract'
import * as oauth from 'openid-client'
import { authorizationServer } from './authorization-server.ts'
import { openRedirectPlace, type RedirectPlace } from './await-redirect.ts'
import { findProtection, type Protection } from './find-protection.ts'
import type { KeptLogins } from './kept-logins.ts'
import type { LoginRecord } from './login-record.ts'
import { failed, type GivenTokens, oauthClient, reasonOf, tokensIn } from './oauth-client.ts'
import { type RegisteredClient, registerClient } from './register-client.ts'

const patienceMs = 10 * 60_000

/** What a login is made of. */
export interface LoginRequest {
  /** The whole address of the server. */
  url: string
  clientId: string | null
  clientSecret: string | null
  scope: string | null
  /** The port that the browser comes back to; 0 for a free one. */
  port: number
  http: HttpPort
  logins: KeptLogins
  now(): string
  signal: AbortSignal
  /** Hands the person the address to open. Nothing goes on before it was. */
  ask(step: { authorizeAt: string; issuer: string; registration: RegisteredClient['registration'] }): void
}

/**
 * Logs in to a remote server: finds out who issues its tokens, sends the person there, and keeps what comes of it.
 *
 * @throws UserError `login-failed`, with what stands in the way; nothing is kept then.
 */
export async function logIn(request: LoginRequest): Promise<LoginRecord> {
  const { url, http, logins } = request
  const protection = await findProtection(url, http)
  const server = await authorizationServer(protection.issuer, url, http)
  const place = await openRedirectPlace(request.port)
  try {
    const client = await registerClient(server, { ...request, redirectUri: place.uri }, http)
    const scope = request.scope ?? protection.scope
    const config = oauthClient(server, client, http)
    const given = await codeFlow(config, { ...request, protection, scope, place, registration: client.registration })
    const obtainedAt = request.now()
    const { clientId, clientAuthentication, registration, clientSecret } = client
    const { accessToken, refreshToken } = given
    return logins.keep(
      {
        ...{ url, resource: protection.resource, issuer: server.issuer },
        ...{ clientId, clientAuthentication, registration, scope: given.scope ?? scope, obtainedAt },
        expiresAt: after(obtainedAt, given.expiresInSeconds),
        refreshable: refreshToken !== null,
        lastRefresh: null,
      },
      { url, accessToken, refreshToken, clientSecret },
    )
  } finally {
    place.close()
  }
}

interface CodeFlow extends Pick<LoginRequest, 'ask' | 'signal'> {
  protection: Protection
  scope: string | null
  place: RedirectPlace
  registration: RegisteredClient['registration']
}

async function codeFlow(config: oauth.Configuration, flow: CodeFlow): Promise<GivenTokens> {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier()
  const expectedState = oauth.randomState()
  const { resource, issuer } = flow.protection
  const authorizeAt = oauth.buildAuthorizationUrl(config, {
    redirect_uri: flow.place.uri,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    resource,
    ...(flow.scope === null ? {} : { scope: flow.scope }),
  }).href
  const coming = flow.place.arrived(expectedState, patienceMs, flow.signal)
  flow.ask({ authorizeAt, issuer, registration: flow.registration })
  const cameWith = await coming
  const back = new URL(flow.place.uri)
  back.search = cameWith.search
  try {
    return tokensIn(await oauth.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState }, { resource }))
  } catch (error) {
    throw failed(reasonOf(error))
  }
}

/** The moment that many seconds later; null where it is not known. */
export function after(instant: string, seconds: number | null): string | null {
  if (seconds === null || !Number.isFinite(seconds)) return null
  return new Date(Date.parse(instant) + Math.min(seconds, 10 * 366 * 86_400) * 1_000).toISOString()
}

import { type HttpPort, UserError } from '@upkeep/contract'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import * as oauth from 'openid-client'
import type { AuthorizationServer } from './authorization-server.ts'
import { boundedFetch } from './bounded-fetch.ts'
import type { RegisteredClient } from './register-client.ts'

/** What a token endpoint gave. */
export interface GivenTokens {
  accessToken: string
  refreshToken: string | null
  expiresInSeconds: number | null
  scope: string | null
}

type Client = Pick<RegisteredClient, 'clientId' | 'clientSecret' | 'clientAuthentication'>

/** The OAuth library, set up for one authorization server and one client, with our own bounds. */
export function oauthClient(server: AuthorizationServer, client: Client, http: HttpPort): oauth.Configuration {
  const { clientId, clientSecret, clientAuthentication } = client
  const proof =
    clientSecret === null || clientAuthentication === 'none'
      ? oauth.None()
      : byMethod[clientAuthentication](clientSecret)
  const made = new oauth.Configuration(server, clientId, undefined, proof)
  made[oauth.customFetch] = boundedFetch(http)
  // Only what is on this machine may be spoken to without TLS: the addresses were checked for that already.
  if (isLoopbackUrl(server.token_endpoint)) oauth.allowInsecureRequests(made)
  return made
}

const byMethod = { client_secret_post: oauth.ClientSecretPost, client_secret_basic: oauth.ClientSecretBasic } as const

/** The tokens of an answer. Only bearer tokens are used: of another kind a client would need a key. */
export function tokensIn(answer: oauth.TokenEndpointResponse): GivenTokens {
  if (answer.token_type.toLowerCase() !== 'bearer') throw failed('it gave a token of a kind that is not known here')
  const { access_token, refresh_token, expires_in, scope } = answer
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    expiresInSeconds: expires_in ?? null,
    scope: scope ?? null,
  }
}

/** Why an exchange came to nothing, in words of ours: what a server writes in its errors is not repeated. */
export function reasonOf(error: unknown): string {
  if (error instanceof UserError) return error.message.replace(/\.$/, '')
  if (error instanceof oauth.AuthorizationResponseError) return `the login was refused (${word(error.error)})`
  if (error instanceof oauth.ResponseBodyError) return `it was refused (${word(error.error)})`
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return meanings[code] ?? 'the authorization server gave no usable answer'
}

const meanings: Readonly<Record<string, string>> = {
  OAUTH_INVALID_RESPONSE: 'what came back does not fit what was asked for: its issuer or its state is another',
  OAUTH_INVALID_RESPONSE_ERROR: 'what came back does not fit what was asked for',
  OAUTH_RESPONSE_IS_NOT_CONFORM: 'the authorization server answered with an error',
}

function word(code: string): string {
  return /^[a-z_]{1,60}$/.exec(code)?.[0] ?? 'without a reason'
}

export function failed(reason: string): UserError {
  return new UserError('login-failed', `The login came to nothing: ${reason}. Nothing was kept.`, 'Run it again.')
}

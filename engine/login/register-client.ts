import { type HttpPort, UserError } from '@upkeep/contract'
import { product } from '@upkeep/contract/product'
import { isRecord } from '@upkeep/domain/is-record'
import type { AuthorizationServer } from './authorization-server.ts'
import type { LoginRecord } from './login-record.ts'

/** As what upkeep is known at an authorization server. */
export type RegisteredClient = Pick<LoginRecord, 'clientId' | 'clientAuthentication' | 'registration'> & {
  clientSecret: string | null
}

/**
 * In the order of 2026-07-28: what was registered before, then a Client ID Metadata Document that the person hosts, then dynamic
 * registration, which is deprecated since that revision.
 *
 * @throws UserError `login-failed` where none of them is open.
 */
export async function registerClient(
  server: AuthorizationServer,
  given: { clientId: string | null; clientSecret: string | null; redirectUri: string },
  http: HttpPort,
): Promise<RegisteredClient> {
  const { clientId, clientSecret } = given
  if (clientId === null) return await registered(server, given.redirectUri, http)
  if (!clientId.startsWith('https://')) {
    const clientAuthentication = clientSecret === null ? 'none' : 'client_secret_post'
    return { clientId, clientSecret, clientAuthentication, registration: 'pre-registered' }
  }
  if (server.client_id_metadata_document_supported === true) {
    return { clientId, clientSecret: null, clientAuthentication: 'none', registration: 'client-id-document' }
  }
  throw new UserError(
    'login-failed',
    'The authorization server does not state that it takes Client ID Metadata Documents.',
    'Register upkeep there, and give the id that it gets with --client-id.',
  )
}

async function registered(server: AuthorizationServer, redirectUri: string, http: HttpPort): Promise<RegisteredClient> {
  if (typeof server.registration_endpoint !== 'string') {
    throw new UserError(
      'login-failed',
      'The authorization server registers nobody by itself.',
      'Register upkeep there as a native application, and give the id that it gets with --client-id.',
    )
  }
  const answer = await http.exchange({
    url: server.registration_endpoint,
    method: 'POST',
    timeoutMs: 10_000,
    maxBytes: 262_144,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      client_name: product.name,
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    }),
  })
  if (answer.state === 'unavailable') throw notRegistered(answer.reason)
  const client = answer.status === 201 || answer.status === 200 ? clientIn(answer.body) : null
  if (client === null) throw notRegistered(`HTTP ${answer.status}`)
  return client
}

function clientIn(body: string): RegisteredClient | null {
  const { client_id, client_secret, token_endpoint_auth_method } = recordOf(body)
  if (typeof client_id !== 'string' || client_id === '') return null
  const clientSecret = typeof client_secret === 'string' && client_secret !== '' ? client_secret : null
  const asked = token_endpoint_auth_method === 'client_secret_post' ? 'client_secret_post' : 'client_secret_basic'
  const clientAuthentication = clientSecret === null || token_endpoint_auth_method === 'none' ? 'none' : asked
  return { clientId: client_id, clientSecret, clientAuthentication, registration: 'dynamic' }
}

function recordOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(body)
    return isRecord(document) ? document : {}
  } catch {
    return {}
  }
}

function notRegistered(why: string): UserError {
  return new UserError(
    'login-failed',
    `The authorization server did not register upkeep (${why}).`,
    'Register it there as a native application, and give the id that it gets with --client-id.',
  )
}

import { type HttpPort, UserError } from '@upkeep/contract'
import { product } from '@upkeep/contract/product'
import { recordIn, textsIn } from '@upkeep/domain/api-security/read-document'
import { wellKnownOf } from '@upkeep/domain/api-security/read-issuer'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import type { ServerMetadata } from 'openid-client'

const bounds = { timeoutMs: 10_000, maxBytes: 262_144 }
const headers = { 'user-agent': `${product.name}/${product.version}`, accept: 'application/json' }
const endpoints = ['authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'revocation_endpoint'] as const

/** What an authorization server publishes of itself, as far as a login needs it. */
export type AuthorizationServer = ServerMetadata & { authorization_endpoint: string; token_endpoint: string }

/**
 * The metadata of an authorization server (RFC 8414, or OpenID's), checked: it is who it was asked for, it can do PKCE with S256, and
 * everything of it is https, or on loopback for a server that is on loopback too.
 *
 * @throws UserError `login-failed` with what is not so.
 */
export async function authorizationServer(
  issuer: string,
  server: string,
  http: HttpPort,
): Promise<AuthorizationServer> {
  if (!isAllowed(issuer, server)) throw refused(issuer, 'it is not reached over https')
  const document = await documentOf(issuer, http)
  if (document === null) throw refused(issuer, 'it publishes no metadata (RFC 8414)')
  if (document.issuer !== issuer) throw refused(issuer, 'it says that it is another one')
  for (const name of endpoints) {
    const address = document[name]
    if (address !== undefined && (typeof address !== 'string' || !isAllowed(address, server))) {
      throw refused(issuer, `its ${name} is not reached over https`)
    }
  }
  const { authorization_endpoint, token_endpoint } = document
  if (typeof authorization_endpoint !== 'string' || typeof token_endpoint !== 'string') {
    throw refused(issuer, 'it has no address to log in at')
  }
  if (!textsIn(document.code_challenge_methods_supported).includes('S256')) {
    throw refused(issuer, 'it does not state that it checks PKCE with S256, without which a code could be stolen')
  }
  return { ...document, issuer, authorization_endpoint, token_endpoint }
}

async function documentOf(issuer: string, http: HttpPort): Promise<Readonly<Record<string, unknown>> | null> {
  for (const suffix of ['oauth-authorization-server', 'openid-configuration'] as const) {
    for (const url of wellKnownOf(suffix, issuer)) {
      const document = recordIn(await http.exchange({ ...bounds, url, method: 'GET', headers }))
      if (document !== null) return document
    }
  }
  return null
}

/** A remote server must not send us to what listens on this machine. */
function isAllowed(address: string, server: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, username, password } = new URL(address)
  if (username !== '' || password !== '') return false
  if (isLoopbackUrl(address)) return /^https?:$/.test(protocol) && isLoopbackUrl(server)
  return protocol === 'https:'
}

function refused(issuer: string, why: string): UserError {
  const host = URL.canParse(issuer) ? new URL(issuer).host : 'that the server names'
  return new UserError(
    'login-failed',
    `The authorization server ${host} is not used: ${why}.`,
    'Nothing was sent to it but the question. Tell whoever runs it.',
  )
}

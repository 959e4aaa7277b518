import { type HttpPort, UserError } from '@upkeep/contract'
import { product } from '@upkeep/contract/product'
import { recordIn, textsIn } from '@upkeep/domain/api-security/read-document'
import { wellKnownOf } from '@upkeep/domain/api-security/read-issuer'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import { openingMessage } from '@upkeep/domain/negative-request/messages'

/** How a server is protected: what a token is asked for, where, and with which scope. */
export interface Protection {
  resource: string
  issuer: string
  scope: string | null
  /** Null for a server of 2025-03-26, which publishes no RFC 9728 metadata: its own origin is its authorization server. */
  metadataAt: string | null
}

const bounds = { timeoutMs: 10_000, maxBytes: 262_144 }
const agent = { 'user-agent': `${product.name}/${product.version}` }

/**
 * Asks a server how it is protected: its challenge, then its RFC 9728 document.
 *
 * @throws UserError where it asks for no token, or what it publishes is about another server.
 */
export async function findProtection(url: string, http: HttpPort): Promise<Protection> {
  // A token for it would go over the network as plain text with every request.
  if (!url.startsWith('https://') && !isLoopbackUrl(url)) throw foreign('it is not reached over https')
  const challenge = await challengeOf(url, http)
  const pointer = parameterIn(challenge, 'resource_metadata')
  const own = pointer !== null && URL.canParse(pointer) && new URL(pointer).origin === new URL(url).origin
  const places = [own ? pointer : null, ...wellKnownOf('oauth-protected-resource', url)].filter((one) => one !== null)
  for (const place of new Set(places)) {
    const document = recordIn(await http.exchange({ ...bounds, url: place, method: 'GET', headers: agent }))
    if (document === null) continue
    const resource = typeof document.resource === 'string' ? document.resource : ''
    if (!covers(resource, url)) throw foreign('its metadata is about another address than its own')
    const [issuer] = textsIn(document.authorization_servers)
    if (issuer === undefined) throw foreign('its metadata names no authorization server')
    const scope = parameterIn(challenge, 'scope') ?? (textsIn(document.scopes_supported).join(' ') || null)
    return { resource, issuer, scope, metadataAt: place }
  }
  return { resource: url, issuer: new URL(url).origin, scope: parameterIn(challenge, 'scope'), metadataAt: null }
}

async function challengeOf(url: string, http: HttpPort): Promise<string> {
  const { headers, body } = openingMessage('initialize')
  const asked = await http.exchange({
    ...bounds,
    url,
    method: 'POST',
    headers: {
      ...agent,
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body,
    firstEventOnly: true,
  })
  if (asked.state === 'unavailable') {
    throw new UserError('login-failed', `The server does not answer: ${asked.reason}.`, 'Try again when it is up.')
  }
  if (asked.status === 401) return (asked.headers['www-authenticate'] ?? '').slice(0, 4_000)
  throw new UserError(
    'login-failed',
    `The server asks for no login: it answered HTTP ${asked.status} to a request without a token.`,
    'Look at it without one: list it under probe in upkeep.yaml, or scan with --probe.',
  )
}

function parameterIn(challenge: string, name: 'resource_metadata' | 'scope'): string | null {
  const quoted = new RegExp(`[\\s,]${name}\\s{0,5}=\\s{0,5}"([^"]{1,2000})"`, 'i').exec(challenge)
  return quoted?.[1] ?? null
}

/** A resource is the address itself, or a path above it on the same origin (RFC 9728, RFC 8707). */
function covers(resource: string, url: string): boolean {
  if (!URL.canParse(resource)) return false
  const [named, asked] = [new URL(resource), new URL(url)]
  if (named.origin !== asked.origin || named.hash !== '' || named.username !== '') return false
  const folder = named.pathname.endsWith('/') ? named.pathname : `${named.pathname}/`
  return `${asked.pathname}/`.startsWith(folder)
}

function foreign(why: string): UserError {
  return new UserError('login-failed', `The server cannot be logged in to: ${why}.`, 'Tell whoever runs the server.')
}

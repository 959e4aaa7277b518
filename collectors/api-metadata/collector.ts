import { defineCollector, type HttpPort, type HttpResponse, type Refusal, type Seen } from '@upkeep/contract'
import type { ApiMetadata } from '@upkeep/contract/observations/api-metadata'
import { product } from '@upkeep/contract/product'
import { recordIn, textsIn } from '@upkeep/domain/api-security/read-document'
import { readIssuer, wellKnownOf } from '@upkeep/domain/api-security/read-issuer'
import { findListed, type ListedEndpoint } from '@upkeep/domain/listed-endpoint'
import { openingMessage } from '@upkeep/domain/negative-request/messages'

const bounds = { timeoutMs: 5_000, maxBytes: 262_144 }
const agent = { 'user-agent': `${product.name}/${product.version}`, accept: 'application/json' }
const maxIssuers = 5

/** What a listed endpoint publishes about how it is protected. Asks no host that its owner did not list. */
export const apiMetadata = defineCollector({
  id: 'api-metadata',
  version: 1,
  title: 'Published protection metadata',
  sees: ['api-metadata'],
  per: 'server',
  reaches: ['http', 'secrets'],
  after: [],
  timeoutSeconds: 60,
  async collect({ for: { subject, server }, ports, settings }) {
    const listed = server.url === null ? null : findListed(server, settings.probe, ports.secrets.fingerprint)
    if (server.transport === 'stdio') {
      return [{ kind: 'api-metadata', subject, state: 'absent', reason: 'it is talked to over stdio' }]
    }
    if (listed === null) {
      const reason = 'its metadata is read only when its owner lists its URL under "probe" in upkeep.yaml'
      return [{ kind: 'api-metadata', subject, state: 'unavailable', code: 'not-consented', reason }]
    }
    return [{ kind: 'api-metadata', subject, ...(await read(listed, server.url ?? '', ports.http)) }]
  },
})

async function read(listed: ListedEndpoint, shownUrl: string, http: HttpPort): Promise<Seen<'api-metadata'>> {
  const { headers, body } = openingMessage('initialize')
  const accept = 'application/json, text/event-stream'
  const asked = await http.exchange({
    ...bounds,
    url: listed.url,
    method: 'POST',
    headers: { ...agent, ...headers, 'content-type': 'application/json', accept },
    body,
    firstEventOnly: true,
  })
  if (asked.state === 'unavailable') return asked
  await closeSession(asked, listed.url, http)
  const pointer = pointerIn(asked, listed.url)
  const resource = await resourceDocument(pointer, listed.url, http)
  const servers = resource?.authorizationServers.slice(0, maxIssuers) ?? []
  const issuers: ApiMetadata['issuers'] = []
  for (const issuer of servers) issuers.push(await issuerOf(issuer, listed, http))
  return { state: 'seen', facts: { url: shownUrl, status: asked.status, pointer: pointer !== null, resource, issuers } }
}

async function closeSession({ headers }: HttpResponse, url: string, http: HttpPort): Promise<void> {
  const session = headers['mcp-session-id']
  if (session === undefined) return
  await http.exchange({ ...bounds, url, method: 'DELETE', headers: { ...agent, 'mcp-session-id': session } })
}

/** Where the challenge says that the metadata is. Another origin than the server's own is not followed. */
function pointerIn({ headers }: HttpResponse, url: string): string | null {
  const challenge = (headers['www-authenticate'] ?? '').slice(0, 4_000)
  const address = /[\s,]resource_metadata\s{0,5}=\s{0,5}"([^"]{1,2000})"/i.exec(challenge)?.[1] ?? ''
  return URL.canParse(address) && new URL(address).origin === new URL(url).origin ? address : null
}

async function resourceDocument(pointer: string | null, url: string, http: HttpPort): Promise<ApiMetadata['resource']> {
  const places = [pointer, ...wellKnownOf('oauth-protected-resource', url)].filter((one) => one !== null)
  for (const place of new Set(places)) {
    const document = recordIn(await get(place, http))
    if (document === null) continue
    const equals = document.resource === url
    return { equals, authorizationServers: textsIn(document.authorization_servers) }
  }
  return null
}

async function issuerOf(issuer: string, listed: ListedEndpoint, http: HttpPort) {
  const origin = URL.canParse(issuer) ? new URL(issuer).origin : null
  const named = [listed.url, ...(listed.issuers ?? [])].some((url) => new URL(url).origin === origin)
  if (!named) return readIssuer(issuer, 'not-listed')
  const answers = []
  for (const suffix of ['oauth-authorization-server', 'openid-configuration'] as const) {
    for (const place of wellKnownOf(suffix, issuer)) {
      const answer = await get(place, http)
      if (recordIn(answer) !== null) return readIssuer(issuer, [answer])
      answers.push(answer)
    }
  }
  return readIssuer(issuer, answers)
}

function get(url: string, http: HttpPort): Promise<HttpResponse | Refusal> {
  return http.exchange({ ...bounds, url, method: 'GET', headers: agent })
}

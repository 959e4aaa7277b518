import type { ListedGateway } from '@upkeep/contract/gateway'
import type { GatewaysPort, HttpPort, PlacesPort, Refusal, SecretsPort } from '@upkeep/contract/ports'
import type { GatewayCall } from '@upkeep/domain/gateways/gateway-calls'
import { documentOf, type GatewayServers, readGatewayAnswer } from '@upkeep/domain/gateways/gateway-entries'
import { gatewayAt, serversAddress } from '@upkeep/domain/gateways/gateway-place'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import { refuse } from './network-refusal.ts'

const maxBytes = 4 << 20
const readMs = 5_000
/** A gateway that takes a server on starts it before it answers. */
const writeMs = 60_000

/** What talking to a gateway takes. */
export interface GatewayHands {
  readonly http: HttpPort
  readonly secrets: SecretsPort
  readonly places: PlacesPort
}

/** Asks listed gateways for their servers, through HTTP and nothing else. */
export function openGateways(hands: GatewayHands): GatewaysPort {
  return {
    async read(address) {
      const servers = await serversOf(address, hands)
      return 'state' in servers ? servers : { state: 'present', text: documentOf(servers) }
    },
  }
}

/** What a listed gateway has, secrets and all; or why that is not known. */
export async function serversOf(address: string, hands: GatewayHands): Promise<GatewayServers | Refusal> {
  const opened = openListed(address, hands)
  if ('state' in opened) return opened
  const { headers } = opened
  const answer = await hands.http.exchange({ url: address, method: 'GET', headers, timeoutMs: readMs, maxBytes })
  if (answer.state === 'unavailable') return answer
  if (answer.status === 401 || answer.status === 403)
    return refuse('permission-denied', `it does not take its admin token (${answer.status})`)
  if (answer.status !== 200)
    return refuse('malformed', `it answered ${answer.status} when it was asked for its servers`)
  if (answer.truncated) return refuse('too-large', `its answer is larger than ${maxBytes} bytes`)
  return readGatewayAnswer(answer.body) ?? refuse('malformed', 'its answer is no list of servers that is known here')
}

/** Makes one call that changes something. What it says is not believed: whoever calls looks again. */
export async function callGateway(
  address: string,
  { method, path, body }: GatewayCall,
  hands: GatewayHands,
): Promise<{ state: 'answered'; status: number } | Refusal> {
  const opened = openListed(address, hands)
  if ('state' in opened) return opened
  const { gateway, headers } = opened
  const answer = await hands.http.exchange({
    url: `${serversAddress(gateway).slice(0, -'/api/servers/config'.length)}${path}`,
    method,
    headers: body === null ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === null ? {} : { body }),
    timeoutMs: writeMs,
    maxBytes,
  })
  return answer.state === 'unavailable' ? answer : { state: 'answered', status: answer.status }
}

function openListed(
  address: string,
  { places, secrets }: GatewayHands,
): { gateway: ListedGateway; headers: Record<string, string> } | Refusal {
  const gateway = gatewayAt(places.list(), address)
  if (gateway === null) return refuse('not-configured', 'upkeep.yaml does not list it: it is not contacted')
  if (!gateway.url.startsWith('https:') && !isLoopbackUrl(gateway.url))
    return refuse('not-supported', 'its admin token would go over the network in the clear: list it with https')
  const token = secrets.resolve(gateway.token)
  if (token === null) return refuse('not-configured', `its admin token (${gateway.token}) leads nowhere`)
  return { gateway, headers: { authorization: `Bearer ${token}`, accept: 'application/json' } }
}

import type { ListedGateway } from '@upkeep/contract/gateway'
import type { Place } from '@upkeep/contract/place'

/** Where a gateway is asked for its servers: what the file of a client is to its entries. */
export function serversAddress({ url }: Pick<ListedGateway, 'url'>): string {
  return `${baseOf(url)}/api/servers/config`
}

function baseOf(url: string): string {
  return url.replace(/\/+$/, '')
}

/** A gateway as a place: nothing of it lies on this machine, even where it runs here. */
export function gatewayPlace(gateway: ListedGateway): Place {
  const home = baseOf(gateway.url)
  return {
    id: home,
    home,
    platform: 'linux',
    env: {},
    projects: [],
    machine: false,
    upkeepFile: null,
    uid: null,
    gateway,
  }
}

/** The gateway whose servers are asked for at an address; null where none is listed. */
export function gatewayAt(places: readonly Place[], address: string): ListedGateway | null {
  const found = places.find(({ gateway }) => gateway !== undefined && serversAddress(gateway) === address)
  return found?.gateway ?? null
}

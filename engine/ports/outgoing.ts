import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { HttpPort, Refusal } from '@upkeep/contract'
import { createHttpPort } from './http.ts'
import { refusalFromNetworkError, refuse } from './network-refusal.ts'
import { isInnerAddress } from './public-address.ts'

/**
 * The way out for what upkeep sends by itself: messages, signs of life, tickets. Addresses come from the owner, and still lead nowhere inside: only
 * public ones by https, unless the owner listed the host. A name is looked up once, and what was judged is what is connected to. Redirects are not
 * followed, answers are bounded, certificates are verified.
 */
export interface Outgoing extends HttpPort {
  /** The address to connect to for another protocol, judged the same way. `isInner` where the owner listed it: there it may be without TLS. */
  addressOf(host: string, port: number): Promise<{ state: 'found'; address: string; isInner: boolean } | Refusal>
}

/** `inner`: hosts of the owner's own network, each `host` or `host:port` in lower case, as `outgoing.inner` lists them. */
export function openOutgoing(inner: readonly string[]): Outgoing {
  const anywhere = createHttpPort()
  const publicOnly = createHttpPort({ publicOnly: true })
  const listed = new Set(inner)
  const isListed = (host: string, port: number) => listed.has(host) || listed.has(`${host}:${port}`)
  return {
    exchange: async (request) => {
      const url = URL.canParse(request.url) ? new URL(request.url) : null
      if (url === null) return refuse('malformed', 'the address is no URL')
      if (url.username !== '' || url.password !== '')
        return refuse('not-supported', 'an address may not carry a user or a password')
      const isInner = isListed(url.hostname, portOf(url))
      if (!isInner && url.protocol !== 'https:') return refuse('not-supported', 'only https goes to a public address')
      return (isInner ? anywhere : publicOnly).exchange(request)
    },
    addressOf: async (host, port) => {
      const isInner = isListed(host, port)
      const found =
        isIP(host) === 0 ? await lookup(host, { all: true }).catch(refusalFromNetworkError) : [{ address: host }]
      if (!Array.isArray(found)) return found
      const [first] = found
      if (first === undefined) return refuse('unreachable', 'the name does not resolve to an address')
      if (!isInner && found.some(({ address }) => isInnerAddress(address)))
        return refuse('not-supported', 'the address is not a public one')
      return { state: 'found', address: first.address, isInner }
    },
  }
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}

import type { Facts, Seen } from '@upkeep/contract'
import type { ServerExposure } from '@upkeep/contract/observations/urgency-table'
import type { Input } from './urgency-inputs.ts'

interface SeenOfServer {
  declared: Facts<'declared-server'>
  listener: Seen<'listener'>
  endpoint: Seen<'endpoint'>
}

/**
 * From where a server can be reached, by the sockets that were seen to listen and by what its endpoint answered; never by what somebody
 * states. What was not seen is taken at its worse value.
 */
export function exposureOf(seen: SeenOfServer): Input<ServerExposure> {
  const addresses = seen.listener.state === 'seen' ? seen.listener.facts.addresses : []
  if (addresses.length > 0) {
    const beyond = addresses.find((one) => !one.loopback)
    if (beyond === undefined) return told('machine', 'it listens on this machine only')
    return reachedFromBeyond(seen.endpoint, `it listens beyond this machine (${beyond.address})`)
  }
  if (seen.declared.url === null) {
    if (seen.declared.transport === 'stdio') return told('client', 'only the client that starts it can reach it')
    return { value: 'open', assumed: true, why: 'taken as open to everyone: how it is reached is not known' }
  }
  if (!isLoopback(seen.declared.url)) return reachedFromBeyond(seen.endpoint, 'it is reached over a network')
  const guarded = reachedFromBeyond(seen.endpoint, 'taken as listening beyond this machine: no socket of it was seen')
  return { ...guarded, assumed: true }
}

function reachedFromBeyond(endpoint: Seen<'endpoint'>, how: string): Input<ServerExposure> {
  if (endpoint.state !== 'seen' || !endpoint.facts.reachable) {
    return { value: 'open', assumed: true, why: `${how}; taken as open to everyone: nobody asked it` }
  }
  if (endpoint.facts.authentication.required) return told('guarded', `${how} and asks for a credential`)
  return told('open', `${how} and asks for no credential`)
}

const loopbackUrl = /^[a-z]{2,10}:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?:[:/?#]|$)/

function isLoopback(url: string): boolean {
  return loopbackUrl.test(url)
}

function told(value: ServerExposure, why: string): Input<ServerExposure> {
  return { value, assumed: false, why }
}

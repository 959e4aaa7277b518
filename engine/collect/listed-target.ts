import type { Facts, Observation, Ports, ProbeSubject, Settings, Subject } from '@upkeep/contract'
import { endpointOf, findListed, type ListedEndpoint } from '@upkeep/domain/listed-endpoint'

/** A server that its owner listed, as it is reached; or why nothing that should be refused is sent to it. */
export type ListedTarget =
  | { state: 'listed'; reached: ProbeSubject; shownUrl: string }
  | { state: 'absent'; reason: string }
  | { state: 'unavailable'; code: 'not-configured' | 'not-consented'; reason: string }

interface Round {
  settings: Settings
  ports: Pick<Ports, 'secrets'>
}
type Servers = readonly { observation: Observation<'declared-server'> }[]

const vendors = 'upkeep.yaml says that it belongs to a vendor: it is read and listed, and its controls are never tried'
const unlisted = 'its controls are tried only when its owner lists its URL under "probe" in upkeep.yaml'

/** Looks declared servers up in what their owner listed. A vendor's is never tried, whoever listed it, and under whichever name. */
export function listedTargets(round: Round, servers: Servers): { subject: Subject; target: ListedTarget }[] {
  const ofVendors = endpointsOfVendors(round, servers)
  return servers.flatMap(({ observation }) =>
    observation.state === 'seen'
      ? [
          {
            subject: observation.subject,
            target: targetOf(round, observation.subject, observation.facts, ofVendors),
          },
        ]
      : [],
  )
}

function targetOf(
  { settings, ports }: Round,
  subject: Subject,
  server: Facts<'declared-server'>,
  ofVendors: ReadonlySet<string>,
): ListedTarget {
  const listed = findListed(server, settings.probe, ports.secrets.fingerprint)
  if (isVendors(settings, subject) || (listed !== null && ofVendors.has(endpointOf(listed.url))))
    return { state: 'unavailable', code: 'not-consented', reason: vendors }
  if (listed !== null) return reachedAt(listed, server.url ?? '', ports)
  if (server.url === null) return { state: 'absent', reason: 'it has no URL that a request could go to' }
  return { state: 'unavailable', code: 'not-consented', reason: unlisted }
}

function reachedAt(listed: ListedEndpoint, shownUrl: string, ports: Round['ports']): ListedTarget {
  const { token, url, denied, log, upstream, burst } = listed
  // Without a reference it is whatever somebody logged in for at this very address.
  const authorization = token === undefined ? bearer(ports.secrets.tokenFor(url)) : headerFor(token, ports)
  const foreignAuthorization = headerFor(listed.foreignToken, ports)
  if (authorization === 'missing' || foreignAuthorization === 'missing') {
    const reason = 'a token that upkeep.yaml refers to is not there'
    return { state: 'unavailable', code: 'not-configured', reason }
  }
  const reached = { url, authorization, foreignAuthorization, denied, log, upstream, burst }
  return { state: 'listed', reached, shownUrl }
}

function headerFor(reference: string | undefined, { secrets }: Pick<Ports, 'secrets'>): string | null | 'missing' {
  if (reference === undefined) return null
  return bearer(secrets.resolve(reference)) ?? 'missing'
}

function bearer(token: string | null): string | null {
  return token === null ? null : `Bearer ${token}`
}

/** What a vendor's server listens on is not tried under another name, or with another query, either. */
function endpointsOfVendors({ settings, ports }: Round, servers: Servers): ReadonlySet<string> {
  const urls = servers.flatMap(({ observation }) => {
    if (observation.state !== 'seen' || !isVendors(settings, observation.subject)) return []
    return findListed(observation.facts, settings.probe, ports.secrets.fingerprint)?.url ?? observation.facts.url ?? []
  })
  return new Set(urls.map(endpointOf))
}

function isVendors({ servers = [] }: Settings, { name }: Subject): boolean {
  return servers.some((one) => one.name === name && one.ownership === 'vendor')
}

import type { AnyProbe, Facts, Observation, Ports, Settings, Subject } from '@upkeep/contract'
import { findListed, type ListedEndpoint } from '@upkeep/domain/listed-endpoint'
import { runProbes } from './run-probes.ts'

/** What making negative requests takes. */
export interface ProbeRound {
  probes: readonly AnyProbe[]
  settings: Settings
  ports: Ports
  signal: AbortSignal
  /** Least time between two requests, where it is not the usual one. */
  pauseMs?: number
  progress?: (what: string) => void
}

type Probed = { facts: Facts<'control-probes'> } | { refused: string; code: 'not-configured' | 'not-consented' }

const vendors = 'upkeep.yaml says that it belongs to a vendor: it is read and listed, and its controls are never tried'

/**
 * Tries the controls of each server whose owner listed it, once per endpoint however many entries name it. Of every other server it is
 * said why it was not tried.
 */
export async function probeListedServers(
  round: ProbeRound,
  servers: readonly { observation: Observation<'declared-server'> }[],
): Promise<Observation<'control-probes'>[]> {
  const tried = new Map<string, Probed>()
  const ofVendors = endpointsOfVendors(round, servers)
  const observations: Observation<'control-probes'>[] = []
  for (const { observation } of servers) {
    if (observation.state !== 'seen') continue
    const { subject, facts: server } = observation
    const listed = findListed(server, round.settings.probe, round.ports.secrets.fingerprint)
    if (isVendors(round.settings, subject) || (listed !== null && ofVendors.has(endpointOf(listed.url)))) {
      observations.push(asObservation(subject, { refused: vendors, code: 'not-consented' }))
      continue
    }
    if (listed === null) {
      observations.push(notTried(subject, server.url !== null))
      continue
    }
    const probed = tried.get(listed.url) ?? (await probe(round, listed, subject, server.url ?? ''))
    tried.set(listed.url, probed)
    observations.push(asObservation(subject, probed))
  }
  return observations
}

async function probe(round: ProbeRound, listed: ListedEndpoint, subject: Subject, shownUrl: string): Promise<Probed> {
  round.progress?.(`Trying the controls of ${subject.name}`)
  const authorization =
    listed.token === undefined ? bearer(round.ports.secrets.tokenFor(listed.url)) : headerFor(listed.token, round)
  const foreignAuthorization = headerFor(listed.foreignToken, round)
  if (authorization === 'missing' || foreignAuthorization === 'missing') {
    return { refused: 'a token that upkeep.yaml refers to is not there', code: 'not-configured' }
  }
  const { url, denied, log, upstream, burst } = listed
  const tried = { url, authorization, foreignAuthorization, denied, log, upstream, burst }
  return { facts: await runProbes({ ...round, subject: tried, shownUrl }) }
}

function headerFor(reference: string | undefined, { ports }: ProbeRound): string | null | 'missing' {
  if (reference === undefined) return null
  return bearer(ports.secrets.resolve(reference)) ?? 'missing'
}

function bearer(token: string | null): string | null {
  return token === null ? null : `Bearer ${token}`
}

/** What a vendor's server listens on is not tried under another name, or with another query, either. */
function endpointsOfVendors(
  { settings, ports }: ProbeRound,
  servers: readonly { observation: Observation<'declared-server'> }[],
): ReadonlySet<string> {
  const urls = servers.flatMap(({ observation }) => {
    if (observation.state !== 'seen' || !isVendors(settings, observation.subject)) return []
    return findListed(observation.facts, settings.probe, ports.secrets.fingerprint)?.url ?? observation.facts.url ?? []
  })
  return new Set(urls.map(endpointOf))
}

function endpointOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/$/, '')}`
}

function isVendors({ servers = [] }: Settings, { name }: Subject): boolean {
  return servers.some((one) => one.name === name && one.ownership === 'vendor')
}

function asObservation(subject: Subject, probed: Probed): Observation<'control-probes'> {
  const kind = 'control-probes'
  if ('facts' in probed) return { kind, subject, state: 'seen', facts: probed.facts }
  return { kind, subject, state: 'unavailable', code: probed.code, reason: probed.refused }
}

function notTried(subject: Subject, hasUrl: boolean): Observation<'control-probes'> {
  const kind = 'control-probes'
  if (!hasUrl) return { kind, subject, state: 'absent', reason: 'it has no URL that a request could go to' }
  const reason = 'its controls are tried only when its owner lists its URL under "probe" in upkeep.yaml'
  return { kind, subject, state: 'unavailable', code: 'not-consented', reason }
}

import {
  type AnyCollector,
  type AnyProbe,
  type CollectFor,
  fileSubject,
  fleet,
  type Observation,
  type ObservationKind,
  type Place,
  type PortName,
  type Ports,
  type ServerProbe,
  type Settings,
  unavailableOf,
} from '@upkeep/contract'
import type { AttackAtom } from '@upkeep/contract/attack-atom'
import { attackListedServers } from './attack-listed-servers.ts'
import { conform } from './conform.ts'
import { orderCollectors } from './order-collectors.ts'
import { probeListedServers } from './probe-listed-servers.ts'
import { proveServers } from './prove-servers.ts'
import { createSightings, type Sightings } from './sightings.ts'
import { testServers } from './test-servers.ts'
import { withinTime } from './within-time.ts'

/** All that one pass of looking takes. */
export interface CollectPlan {
  collectors: readonly AnyCollector[]
  probes: readonly AnyProbe[]
  serverProbes: readonly ServerProbe[]
  /** Harmless attacks that listed endpoints are tried with. */
  atoms?: readonly AttackAtom[]
  kinds: ReadonlySet<ObservationKind>
  places: readonly Place[]
  /** What is known before anything is looked at: handed to collectors that come after it, and not part of what was seen. */
  remembered?: readonly Observation[]
  /** What earlier rounds proved of servers' bytes. */
  proofs?: readonly Observation<'server-probes'>[]
  /** What earlier rounds saw of attacks on listed endpoints. */
  attacks?: readonly Observation<'endpoint-attacks'>[]
  /** What earlier rounds found out by running servers' bytes. */
  tests?: readonly Observation<'server-tests'>[]
  settings: Settings
  ports: Ports
  at: string
  /** Aborting it ends the round with an `AbortError`: nothing of it is kept. */
  signal: AbortSignal
  /** Told what is being looked at, for a progress line. */
  progress?: (what: string) => void
}

/** Calls that wait for a network may overlap; reading local files is synchronous and gains nothing from it. */
const callsAtOnce = 4
const remote: ReadonlySet<PortName> = new Set(['http', 'mcp', 'gateways'])

/**
 * Looks at everything once: each needed collector for each place, server or the fleet, in the order of what they build on, then the
 * probes. A collector that throws or takes too long makes its own observations unavailable and nothing else.
 */
export async function collectRound(plan: CollectPlan): Promise<Observation[]> {
  const seen = createSightings()
  const remembered = plan.remembered ?? []
  seen.add(null, remembered)
  for (const collector of orderCollectors(plan.collectors, withGrounds(plan.kinds))) {
    plan.progress?.(collector.title)
    const atOnce = collector.reaches.some((port) => remote.has(port)) ? callsAtOnce : 1
    for (const batch of batches(callsFor(collector, plan, seen), atOnce)) {
      plan.signal.throwIfAborted()
      await Promise.all(batch.map((call) => callOne(collector, call, plan, seen)))
    }
  }
  if (plan.kinds.has('control-probes')) seen.add(null, await probeListedServers(plan, seen.servers()))
  if (plan.kinds.has('endpoint-attacks')) {
    const { atoms = [], attacks = [] } = plan
    seen.add(null, await attackListedServers({ ...plan, atoms, attacks }, seen.servers()))
  }
  if (plan.kinds.has('server-probes'))
    seen.add(null, await proveServers({ ...plan, proofs: plan.proofs ?? [] }, seen.all()))
  if (plan.kinds.has('server-tests'))
    seen.add(null, await testServers({ ...plan, tests: plan.tests ?? [] }, seen.all()))
  plan.signal.throwIfAborted()
  return seen.all().filter((observation) => !remembered.includes(observation))
}

/** What is proven of a server rests on what would be started. */
function withGrounds(kinds: ReadonlySet<ObservationKind>): ReadonlySet<ObservationKind> {
  const runs = kinds.has('server-probes') || kinds.has('server-tests')
  return runs ? new Set([...kinds, 'run-plan', 'resolved-package']) : kinds
}

function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}

function callsFor(collector: AnyCollector, plan: CollectPlan, seen: Sightings): CollectFor[] {
  if (collector.per === 'fleet') return [{ per: 'fleet', places: plan.places }]
  if (collector.per === 'place') return plan.places.map((place) => ({ per: 'place', place }))
  const places = new Map(plan.places.map((place) => [place.id, place]))
  const calls: CollectFor[] = []
  for (const { place: id, observation } of seen.servers()) {
    const place = places.get(id)
    if (place === undefined || observation.state !== 'seen') continue
    calls.push({ per: 'server', subject: observation.subject, place, server: observation.facts })
  }
  return calls
}

async function callOne(collector: AnyCollector, target: CollectFor, plan: CollectPlan, seen: Sightings): Promise<void> {
  const prior = seen.prior(collector, target)
  const outcome = await withinTime(collector.timeoutSeconds, plan.signal, (signal) =>
    collector.collect({
      for: target,
      prior,
      ports: plan.ports,
      settings: plan.settings,
      at: plan.at,
      signal,
      ...(plan.progress === undefined ? {} : { progress: plan.progress }),
    }),
  )
  const place = target.per === 'fleet' ? null : target.place.id
  seen.add(
    place,
    outcome.state === 'done' ? conform(collector, outcome.value) : unavailable(collector, target, outcome),
  )
}

/** All that a call for a server would have seen of it; of a place or the fleet the first kind stands for all. */
function unavailable(
  collector: AnyCollector,
  target: CollectFor,
  failure: { code: 'timed-out' | 'collector-failed'; reason: string },
): Observation[] {
  const kinds = target.per === 'server' ? collector.sees : collector.sees.slice(0, 1)
  if (kinds.length === 0) throw new Error(`collector ${collector.id} sees nothing`)
  const subject =
    target.per === 'server' ? target.subject : target.per === 'place' ? fileSubject(target.place.home) : fleet
  const reason = `${collector.title}: ${failure.reason}`
  return kinds.map((kind) => unavailableOf(kind, subject, failure.code, reason))
}

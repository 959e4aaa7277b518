import type { Observation } from '@upkeep/contract'
import type { ContractControl } from '@upkeep/contract/maintenance-contract'
import type { ControlProbes } from '@upkeep/contract/observations/control-probes'
import type { ServerProbeResult } from '@upkeep/contract/observations/server-probes'

/** What was tried on a server, and when it was looked at. */
export interface Proof {
  readonly at: string
  readonly seen: Observation<'server-probes'> | Observation<'endpoint-attacks'> | Observation<'control-probes'>
}

const verdicts = { held: 'pass', broken: 'fail', inconclusive: 'unknown', 'not-applicable': 'not-applicable' } as const
const most = 500

/**
 * What the proofs of each entry of a server come to in a contract: of one entry what was tried last, of several the worst. What could not be
 * tried at all is no control, and `notProven` says why.
 */
export function contractControls(entries: readonly (readonly Proof[])[]): {
  controls: ContractControl[]
  notProven: string | null
} {
  const own = entries.map((proofs) => onePerProbe(proofs.flatMap(resultsOf), isLater))
  const all = onePerProbe(own.flat(), isWorse).sort((a, b) => (a.probe < b.probe ? -1 : 1))
  // What is left out may not be what is bad.
  const controls = all.toSorted((a, b) => rank(a) - rank(b)).slice(0, most)
  if (controls.length > 0) return { controls, notProven: null }
  const why = entries.flat().flatMap(({ seen }) => (seen.state === 'seen' ? [] : [seen.reason]))
  return { controls, notProven: (why[0] ?? 'nothing was tried: upkeep prove --controls').slice(0, 500) }
}

function onePerProbe(
  all: readonly ContractControl[],
  counts: (one: ContractControl, before: ContractControl) => boolean,
): ContractControl[] {
  const byProbe = new Map<string, ContractControl>()
  for (const one of all) {
    const known = byProbe.get(one.probe)
    if (known === undefined || counts(one, known)) byProbe.set(one.probe, one)
  }
  return [...byProbe.values()]
}

function isLater(one: ContractControl, before: ContractControl): boolean {
  return one.at > before.at || (one.at === before.at && rank(one) < rank(before))
}

function isWorse(one: ContractControl, before: ContractControl): boolean {
  return rank(one) < rank(before) || (rank(one) === rank(before) && one.at < before.at)
}

function rank({ verdict }: ContractControl): number {
  return ['fail', 'unknown', 'pass', 'not-applicable'].indexOf(verdict)
}

function resultsOf({ at, seen }: Proof): ContractControl[] {
  if (seen.state !== 'seen') return []
  if (seen.kind === 'control-probes') return seen.facts.results.map((one) => ofEndpoint(one, at))
  const facts = seen.facts
  return facts.results.map((one) => ofProbe(one, facts.at))
}

function ofEndpoint({ probe, version, control, outcome }: ControlProbes['results'][number], at: string) {
  return { is: 'control' as const, names: [control], probe, version, verdict: verdicts[outcome], at }
}

function ofProbe({ probe, version, tries, outcome, at }: ServerProbeResult, together: string): ContractControl {
  const names = tries.kind === 'control' ? [tries.control] : tries.ids.slice(0, 50)
  return { is: tries.kind, names, probe, version, verdict: verdicts[outcome], at: at ?? together }
}

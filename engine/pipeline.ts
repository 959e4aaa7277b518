import type { Observation, ObservationKind, Place, Subject } from '@upkeep/contract'
import { approvedObservations } from './baseline/approved-observations.ts'
import { installedTraces } from './baseline/installed-traces.ts'
import { changesObservation } from './change/changes-observation.ts'
import { collectRound } from './collect/collect-round.ts'
import { assertSealed } from './evidence/assert-sealed.ts'
import { seal } from './evidence/seal.ts'
import { credentialHistory } from './history/credential-history.ts'
import { earlierProofs, type ProvenKind } from './history/earlier-proofs.ts'
import { openFleetHistory } from './history/fleet-history.ts'
import { personObservations } from './people/person-observations.ts'
import type { PlannedRun, RoundContext } from './round.ts'
import { type RoundRecords, roundRecords } from './round-records.ts'
import { keepComponents } from './store/draw-components.ts'

/**
 * The whole path on one screen: look at everything once, add what people decided, judge it duty by duty, and remember it, sealed, all at
 * once. Killed at any moment it leaves what was there before; stopped by its signal it throws an `AbortError` and keeps nothing.
 */
export async function runRound(round: RoundContext): Promise<RoundRecords> {
  const from = round.clock.now()
  const kinds = neededKinds(round.duties)
  // Before anything is looked up: what the fleet had is asked for by name too.
  const history = kinds.has('fleet-history') ? await openFleetHistory(round.store) : null
  const seen = await collectRound({
    ...round,
    collectors: round.catalog.collectors,
    probes: round.catalog.probes,
    serverProbes: round.catalog.serverProbes,
    proofs: await earlierOf(round, kinds, 'server-probes'),
    atoms: round.catalog.atoms ?? [],
    attacks: await earlierOf(round, kinds, 'endpoint-attacks'),
    tests: await earlierOf(round, kinds, 'server-tests'),
    kinds,
    remembered: history === null ? [] : [history.before],
    at: from,
  })
  const observations = freeze([
    ...seen,
    ...(history === null ? [] : [history.with(seen, from)]),
    ...(await decided(round, seen, kinds, from)),
  ])
  round.progress?.('Judging what was seen')
  const earlier = await round.store.findings.current()
  const until = round.clock.now()
  const records = roundRecords(round, observations, earlier, { from, until, lookedFor: lookedFor(round.places, seen) })
  round.signal.throwIfAborted()
  await remember(round, records, until)
  return records
}

async function earlierOf<Kind extends ProvenKind>(
  { catalog, store }: RoundContext,
  kinds: ReadonlySet<ObservationKind>,
  kind: Kind,
): Promise<Observation<Kind>[]> {
  if (!kinds.has(kind)) return []
  const needing = catalog.duties.filter(({ needs }) => Object.values(needs).some((need) => need.kind === kind))
  return earlierProofs(store, needing, kind)
}

function neededKinds(duties: readonly PlannedRun[]): Set<ObservationKind> {
  return new Set(duties.flatMap(({ duty }) => Object.values(duty.needs).map((need) => need.kind)))
}

/** What people decided and stated, and what earlier runs saw, is seen like everything else. */
async function decided(
  round: RoundContext,
  seen: readonly Observation[],
  kinds: ReadonlySet<ObservationKind>,
  at: string,
): Promise<Observation[]> {
  const declared = seen.flatMap((observation) => (observation.kind === 'declared-server' ? [observation] : []))
  const subjects = declared.map(({ subject }) => subject)
  const approved = await approvedObservations(round.store, subjects)
  return [
    ...approved,
    ...(kinds.has('installed-traces') ? installedTraces(approved, seen, round.ports.files) : []),
    ...(await personObservations(round.store, round.people)),
    // Every kept run is looked through for it: only where a duty asks.
    ...(kinds.has('credential-history') ? await credentialHistory(round.store, declared, at) : []),
    ...(kinds.has('changes') ? [await changesMade(round, at)] : []),
  ]
}

function changesMade(round: RoundContext, at: string): Promise<Observation<'changes'>> {
  const { store, keyring, people, policies, kept } = round
  return changesObservation(store, {
    people,
    policies,
    at,
    kept: kept ?? null,
    assertSealed: (type, records) => assertSealed(store, keyring, type, records),
  })
}

async function remember(round: RoundContext, records: RoundRecords, at: string): Promise<void> {
  const runs = [...round.missed, ...records.runs]
  await round.store.transaction(async (tx) => {
    await round.confirm(tx)
    await tx.objects.putMany(records.objects)
    await keepComponents(tx, records.observed)
    await tx.runs.appendMany(runs)
    await tx.findings.appendMany(records.findings)
    const sealables = [
      ...runs.map((record) => ({ type: 'run' as const, record })),
      ...records.findings.map((record) => ({ type: 'finding' as const, record })),
    ]
    await seal(tx, round.keyring, sealables, at)
    await tx.rounds.finish(round.id, at)
  })
}

/**
 * Whether a server that is no longer there was looked for: its file lies in a place of this round, and nothing in that place was
 * unreadable. A subject id of a server is `server:<client>:<path>#<name>`.
 */
function lookedFor(places: readonly Place[], seen: readonly Observation[]): (subject: Subject) => boolean {
  const unreadable = new Set(
    seen.flatMap((one) => (one.kind === 'client-config' && one.state === 'unavailable' ? [one.subject.id] : [])),
  )
  const roots = places.flatMap((place) => [place.home, ...place.projects])
  return (subject) => {
    const path = /^server:[a-z-]+:(.*)#/s.exec(subject.id)?.[1]
    if (path === undefined) return true
    const looked = roots.some((root) => isWithin(path, root))
    return looked && !unreadable.has(`file:${path}`) && !roots.some((root) => unreadable.has(`file:${root}`))
  }
}

function isWithin(path: string, root: string): boolean {
  return (
    path === root ||
    path.startsWith(root.endsWith('/') || root.endsWith('\\') ? root : `${root}${root.includes('\\') ? '\\' : '/'}`)
  )
}

function freeze(observations: Observation[]): Observation[] {
  for (const observation of observations) deepFreeze(observation)
  return observations
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
}

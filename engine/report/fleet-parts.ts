import { type Facts, type ObservationKind, observationKinds, type Seen } from '@upkeep/contract/observation'
import type { Run } from '@upkeep/contract/run'
import type { Subject } from '@upkeep/contract/subject'
import type { Instant } from '@upkeep/contract/time'
import type { StoredObservation } from '../store/stored-observations.ts'
import { readManifest, readObservations } from './read-observations.ts'
import type { ReportDuty } from './report-model.ts'
import type { ReportSource } from './source.ts'

/** One server with everything that says what it is made of. Null where no run saw it. */
export interface ServerParts {
  subject: Subject
  declared: Facts<'declared-server'> | null
  resolved: Seen<'resolved-package'> | null
  bundled: Seen<'bundled-code'> | null
}

/** What the fleet is made of, as it was last seen at or before a moment. */
export interface FleetParts {
  /** Sorted by id. */
  servers: readonly ServerParts[]
  /** The advisories about its packages; null when none were to be had. */
  advisories: Facts<'advisories'> | null
  /** The newest run that this rests on; null when there is none. */
  run: Run | null
  practice: boolean
  simulatedClock: boolean
}

const kinds = ['declared-server', 'resolved-package', 'bundled-code', 'advisories'] as const

/** Reads what the fleet is made of from stored runs, each kind from the newest run of a duty that needs it. */
export async function readFleetParts(
  source: ReportSource,
  duties: readonly Pick<ReportDuty, 'id' | 'sees'>[],
  notAfter?: Instant,
): Promise<FleetParts> {
  const runs = await newestRuns(source, duties, notAfter)
  const seen: StoredObservation[] = []
  for (const [run, wanted] of groupByRun(runs)) {
    const manifest = await readManifest(source, run)
    seen.push(
      ...(await readObservations(
        source,
        manifest.filter((entry) => wanted.has(entry.kind)),
      )),
    )
  }
  const used = [...new Set(runs.values())]
  return {
    servers: serversOf(seen),
    advisories:
      factsOf(
        'advisories',
        seen.find((one) => one.kind === 'advisories'),
      ) ?? null,
    run: used.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0] ?? null,
    practice: used.some((run) => run.practice),
    simulatedClock: used.some((run) => run.clock === 'simulated'),
  }
}

type PartKind = (typeof kinds)[number]

/** For each kind the run that saw it last. An older run must not bring back a server that is gone. */
async function newestRuns(
  source: ReportSource,
  duties: readonly Pick<ReportDuty, 'id' | 'sees'>[],
  notAfter: Instant | undefined,
): Promise<Map<PartKind, Run>> {
  const newest = new Map<PartKind, Run>()
  for (const duty of duties) {
    const mine = kinds.filter((kind) => duty.sees.includes(kind))
    const run = mine.length === 0 ? null : await source.runs.latestCompleted(duty.id, notAfter)
    if (run === null) continue
    for (const kind of mine) {
      const known = newest.get(kind)
      if (known === undefined || known.startedAt < run.startedAt) newest.set(kind, run)
    }
  }
  return newest
}

function groupByRun(runs: ReadonlyMap<PartKind, Run>): Map<Run, Set<string>> {
  const groups = new Map<Run, Set<string>>()
  for (const [kind, run] of runs) {
    const same = [...groups.keys()].find((known) => known.id === run.id) ?? run
    groups.set(same, (groups.get(same) ?? new Set()).add(kind))
  }
  return groups
}

function serversOf(seen: readonly StoredObservation[]): ServerParts[] {
  const servers = new Map<string, ServerParts>()
  for (const one of seen) {
    if (one.subject.kind !== 'server') continue
    const known = servers.get(one.subject.id) ?? emptyParts(one.subject)
    servers.set(one.subject.id, known)
    if (one.kind === 'declared-server') known.declared = factsOf('declared-server', one) ?? null
    if (one.kind === 'resolved-package') known.resolved = seenOf('resolved-package', one)
    if (one.kind === 'bundled-code') known.bundled = seenOf('bundled-code', one)
  }
  const declared = [...servers.values()].filter((one) => one.declared !== null)
  return declared.sort((a, b) => (a.subject.id < b.subject.id ? -1 : 1))
}

function emptyParts(subject: Subject): ServerParts {
  return { subject, declared: null, resolved: null, bundled: null }
}

function factsOf<Kind extends ObservationKind>(
  kind: Kind,
  stored: StoredObservation | undefined,
): Facts<Kind> | undefined {
  if (stored === undefined || stored.state !== 'seen') return undefined
  const parsed = observationKinds[kind].facts.safeParse(stored.facts)
  // The schema is the kind's own; the compiler cannot follow that through a type parameter.
  return parsed.success ? (parsed.data as Facts<Kind>) : undefined
}

/** What was stored in a form that is not today's is not passed over: it could not be read. */
function seenOf<Kind extends ObservationKind>(kind: Kind, stored: StoredObservation): Seen<Kind> {
  if (stored.state !== 'seen') return stored
  const facts = factsOf(kind, stored)
  if (facts !== undefined) return { state: 'seen', facts }
  return { state: 'unavailable', code: 'malformed', reason: 'what was stored has an older form: scan again' }
}

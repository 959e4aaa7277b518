import { observationKinds, type Strength } from '@upkeep/contract/observation'
import type { Run } from '@upkeep/contract/run'
import type { Verdict } from '@upkeep/contract/verdict'
import { type ManifestEntry, readManifest, readVerdicts } from './read-observations.ts'
import type { ObservationSource, VerdictSource } from './report-model.ts'
import type { ReportSource } from './source.ts'

/** Which collectors see a kind of observation. */
export type SeenBy = ReadonlyMap<string, readonly string[]>

const order = { fail: 0, unknown: 1, pass: 2, 'not-applicable': 3 } as const

/** The worst first, and otherwise as they are. */
export function worstVerdictFirst<Judged extends { readonly verdict: Pick<Verdict, 'verdict'> }>(
  all: readonly Judged[],
): Judged[] {
  return all.toSorted((one, other) => order[one.verdict.verdict] - order[other.verdict.verdict])
}

/** Every verdict of these runs with what it rests on: `fail` first, then `unknown`. Bodies are read for the first `bodies` verdicts. */
export async function verdictSources(
  source: ReportSource,
  runs: readonly Run[],
  options: { seenBy: SeenBy; bodies: number },
): Promise<VerdictSource[]> {
  const found: VerdictSource[] = []
  for (const run of runs) {
    const entries = bySubject(await readManifest(source, run))
    for (const verdict of await readVerdicts(source, run)) {
      found.push({ duty: run.duty, run: run.id, verdict, observations: restsOn(run, verdict, entries, options.seenBy) })
    }
  }
  const all = worstVerdictFirst(found)
  const head = await withBodies(source, all.slice(0, options.bodies))
  return [...head, ...all.slice(options.bodies)]
}

function bySubject(manifest: readonly ManifestEntry[]): Map<string, ManifestEntry[]> {
  const groups = new Map<string, ManifestEntry[]>()
  for (const entry of manifest) {
    const group = groups.get(entry.subject.id)
    if (group === undefined) groups.set(entry.subject.id, [entry])
    else group.push(entry)
  }
  return groups
}

/** A verdict rests on what was seen of its subject, of the file that declares it, and of the fleet as a whole. */
function restsOn(
  run: Run,
  { subject }: Verdict,
  entries: ReadonlyMap<string, readonly ManifestEntry[]>,
  seenBy: SeenBy,
): ObservationSource[] {
  const file = /^server:[^:]+:(.*)#/s.exec(subject.id)?.[1]
  const ids = new Set([subject.id, ...(file === undefined ? [] : [`file:${file}`]), 'fleet'])
  return [...ids].flatMap((id) => entries.get(id) ?? []).map((entry) => sourceOf(run, entry, seenBy))
}

function sourceOf(run: Run, entry: ManifestEntry, seenBy: SeenBy): ObservationSource {
  const versions = (seenBy.get(entry.kind) ?? []).flatMap((id) => {
    const version = run.collectors[id]
    return version === undefined ? [] : [`${id} ${version}`]
  })
  return {
    kind: entry.kind,
    subject: entry.subject,
    digest: entry.observation,
    strength: strengthOfKind(entry.kind),
    collectors: versions,
    state: null,
    body: null,
  }
}

function strengthOfKind(kind: string): Strength | null {
  const known = new Map<string, { strength: Strength }>(Object.entries(observationKinds))
  return known.get(kind)?.strength ?? null
}

async function withBodies(source: ReportSource, verdicts: readonly VerdictSource[]): Promise<VerdictSource[]> {
  const digests = new Set(verdicts.flatMap((one) => one.observations.map((observation) => observation.digest)))
  const bodies = await source.objects.getMany([...digests])
  return verdicts.map((one) => ({
    ...one,
    observations: one.observations.map((observation) => {
      const body = bodies.get(observation.digest) ?? null
      return { ...observation, body, state: body === null ? null : stateOf(body) }
    }),
  }))
}

function stateOf(body: string): string | null {
  const parsed: unknown = JSON.parse(body)
  const state = typeof parsed === 'object' && parsed !== null && 'state' in parsed ? parsed.state : null
  return typeof state === 'string' ? state : null
}

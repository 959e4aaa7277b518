import { fleet, type Observation, ObservationManifest } from '@upkeep/contract'
import type { FleetHistory } from '@upkeep/contract/observations/fleet-history'
import { skippedVersions } from '@upkeep/domain/changes/skipped-versions'
import { extendHistory, nothingRemembered } from '@upkeep/domain/history/extend-history'
import { type FleetLook, fleetLook } from '@upkeep/domain/history/fleet-look'
import { isOfKind } from '../kernel/observation-index.ts'
import type { Store } from '../store/store.ts'
import { parseObservation } from '../store/stored-observations.ts'
import { knownVulnerabilities } from './known-vulnerabilities.ts'

/** What this installation remembers, before a round and with it. */
export interface OpenHistory {
  /** For those who look things up: names that the fleet had are looked for too. */
  before: Observation<'fleet-history'>
  with(seen: readonly Observation[], at: string): Observation<'fleet-history'>
}

const maxRuns = 4_000
const runsAtOnce = 200
const objectsAtOnce = 1_000
const shownBy = new Set<string>(['client-config', 'declared-server', 'resolved-package', 'bundled-code'])

/**
 * Reads what is remembered: the newest history that a run kept, and every look since. A round adds its own look and keeps the result with
 * its runs, so that no round reads further back than the one before it.
 */
export async function openFleetHistory(store: Store): Promise<OpenHistory> {
  const { base, looks, leftOut } = await readBack(store)
  let remembered = { ...(base?.facts ?? nothingRemembered) }
  let previousAt = base?.at ?? null
  for (const look of looks) {
    remembered = { ...remembered, ...extendHistory(remembered, look, previousAt) }
    previousAt = look.at
  }
  const known = knownVulnerabilities(await store.findings.current())
  // Those whose day is over are told from the others by whoever reads them: a history has no clock.
  const skipped = skippedVersions(await store.attestations.list(), '')
  const history = (facts: typeof remembered): Observation<'fleet-history'> => {
    const { since, packages } = facts
    return {
      kind: 'fleet-history',
      subject: fleet,
      state: 'seen',
      facts: {
        since,
        packages,
        known,
        ...(skipped.length === 0 ? {} : { skipped }),
        leftOut: [...new Set([...facts.leftOut, ...leftOut])],
      },
    }
  }
  return {
    before: history(remembered),
    with: (seen, at) => history({ ...remembered, ...extendHistory(remembered, fleetLook(at, seen), previousAt) }),
  }
}

interface ReadBack {
  base: { at: string; facts: FleetHistory } | null
  /** Looks after the base, oldest first. */
  looks: FleetLook[]
  leftOut: string[]
}

interface KeptRun {
  at: string
  manifest: ObservationManifest
}

async function readBack(store: Store): Promise<ReadBack> {
  const runs: KeptRun[] = []
  for (let offset = 0; offset < maxRuns; offset += runsAtOnce) {
    const { page, last } = await pageOfRuns(store, offset)
    for (const run of page) {
      const facts = await historyIn(store, run)
      if (facts !== null) return { base: { at: run.at, facts }, looks: await looksOf(store, runs, run.at), leftOut: [] }
      runs.push(run)
    }
    if (last) return { base: null, looks: await looksOf(store, runs, ''), leftOut: [] }
  }
  const leftOut = [`what was seen before the last ${maxRuns} runs was not read`]
  return { base: null, looks: await looksOf(store, runs, ''), leftOut }
}

/** Newest first. */
async function pageOfRuns(store: Store, offset: number): Promise<{ page: KeptRun[]; last: boolean }> {
  const runs = await store.runs.list({ limit: runsAtOnce, offset })
  const completed = runs.flatMap(({ outcome, observations, startedAt }) =>
    outcome === 'completed' && observations !== null ? [{ at: startedAt, digest: observations }] : [],
  )
  const texts = await store.objects.getMany([...new Set(completed.map(({ digest }) => digest))])
  const page = completed.flatMap(({ at, digest }) => {
    const text = texts.get(digest)
    return text === undefined ? [] : [{ at, manifest: ObservationManifest.parse(JSON.parse(text)) }]
  })
  return { page, last: runs.length < runsAtOnce }
}

async function historyIn(store: Store, { manifest }: KeptRun): Promise<FleetHistory | null> {
  const line = manifest.find((one) => one.kind === 'fleet-history')
  const text = line === undefined ? null : await store.objects.get(line.observation)
  if (text === null) return null
  const observation = parseObservation(JSON.parse(text))
  return isOfKind(observation, 'fleet-history') && observation.state === 'seen' ? observation.facts : null
}

/** The runs of one round saw one thing: they are one look. */
async function looksOf(store: Store, runs: readonly KeptRun[], after: string): Promise<FleetLook[]> {
  const byTime = new Map<string, Set<string>>()
  for (const { at, manifest } of runs) {
    if (at <= after) continue
    const digests = byTime.get(at) ?? new Set()
    for (const line of manifest) if (shownBy.has(line.kind)) digests.add(line.observation)
    byTime.set(at, digests)
  }
  const read = await observationsBy(store, [...new Set([...byTime.values()].flatMap((digests) => [...digests]))])
  const inOrder = [...byTime].sort(([a], [b]) => (a < b ? -1 : 1))
  return inOrder.map(([at, digests]) =>
    fleetLook(
      at,
      [...digests].flatMap((digest) => read.get(digest) ?? []),
    ),
  )
}

async function observationsBy(store: Store, digests: readonly string[]): Promise<Map<string, Observation>> {
  const read = new Map<string, Observation>()
  for (let from = 0; from < digests.length; from += objectsAtOnce) {
    const texts = await store.objects.getMany(digests.slice(from, from + objectsAtOnce))
    for (const [digest, text] of texts) read.set(digest, parseObservation(JSON.parse(text)))
  }
  return read
}

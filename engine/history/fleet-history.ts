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

/**
 * Runs and what they saw never change: whoever keeps a store open reads back again only after another run. Known by its runs: each call may
 * have the store in a wrapper of its own, which watches what is recorded and passes these on as they are.
 */
const readBefore = new WeakMap<Store['runs'], { newest: string | undefined; read: Promise<ReadBack> }>()

async function readBack(store: Store): Promise<ReadBack> {
  const newest = (await store.runs.list({ limit: 1 })).at(0)?.id
  const before = readBefore.get(store.runs)
  if (before !== undefined && before.newest === newest) return before.read
  const now = { newest, read: readRuns(store) }
  readBefore.set(store.runs, now)
  now.read.catch(() => readBefore.delete(store.runs))
  return now.read
}

async function readRuns(store: Store): Promise<ReadBack> {
  const runs: KeptRun[] = []
  const manifestOf = manifestReader(store)
  for (let offset = 0; offset < maxRuns; offset += runsAtOnce) {
    const page = await store.runs.list({ limit: runsAtOnce, offset })
    for (const { outcome, observations, startedAt } of page) {
      const manifest = outcome === 'completed' && observations !== null ? await manifestOf(observations) : null
      if (manifest === null) continue
      const run = { at: startedAt, manifest }
      const facts = await historyIn(store, run)
      if (facts !== null) return { base: { at: run.at, facts }, looks: await looksOf(store, runs, run.at), leftOut: [] }
      runs.push(run)
    }
    if (page.length < runsAtOnce) return { base: null, looks: await looksOf(store, runs, ''), leftOut: [] }
  }
  const leftOut = [`what was seen before the last ${maxRuns} runs was not read`]
  return { base: null, looks: await looksOf(store, runs, ''), leftOut }
}

/** One by one, since of a large fleet each takes megabytes and mostly the first is enough; each once, since runs that saw the same share it. */
function manifestReader(store: Store): (digest: string) => Promise<ObservationManifest | null> {
  const read = new Map<string, ObservationManifest | null>()
  return async (digest) => {
    const before = read.get(digest)
    if (before !== undefined) return before
    const text = await store.objects.get(digest)
    const manifest = text === null ? null : ObservationManifest.parse(JSON.parse(text))
    read.set(digest, manifest)
    return manifest
  }
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

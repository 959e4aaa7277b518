import type { Observation } from '@upkeep/contract'
import { serverSubject } from '@upkeep/contract/subject'
import { canonicalJson, digestOfText } from '@upkeep/domain/canonical-json'
import { keepComponents } from '@upkeep/engine/store/draw-components'
import type { Store } from '@upkeep/engine/store/store'

/** One day's observations of a fleet in which fifty trees are installed, each in its own folder, and one server in a hundred changes a day. */
export function observationsOfDay(day: number, servers: number, packages: number): Observation<'resolved-package'>[] {
  return Array.from({ length: servers }, (_, index) => {
    const changes = index % 100 < day ? 1 : 0
    return installed(index, (index + changes) % 50, packages)
  })
}

const digests = new Map<string, string>()

function digestOf(text: string): string {
  const known = digests.get(text) ?? digestOfText(text)
  digests.set(text, known)
  return known
}

function installed(index: number, tree: number, packages: number): Observation<'resolved-package'> {
  const path = `/home/person${index}/.cursor/mcp.json`
  const names = Array.from({ length: packages }, (_, at) => `package-${at}`)
  if (index === 4_321) names.push('rare-package')
  const components = names.map((name, at) => ({
    ecosystem: 'npm' as const,
    name,
    version: `1.${tree}.${at}`,
    path: `node_modules/${name}`,
    digest: digestOf(`${name} ${tree}`),
  }))
  const copy = {
    where: 'npx-cache' as const,
    root: `/home/person${index}/.npm/_npx/0123456789abcdef`,
    version: '1.0.0',
    cacheKey: '0123456789abcdef',
    requested: null,
    engines: null,
    digest: null,
    components,
    problems: [],
  }
  return {
    kind: 'resolved-package',
    subject: serverSubject('cursor', path, 'server'),
    state: 'seen',
    facts: { name: 'package-0', ecosystem: 'npm', pinned: true, installed: [copy], wouldRun: 0, why: '' },
  }
}

/** Stores a day's run as a round does: objects, what they show, the manifest, the run. */
export async function storeDay(store: Store, day: number, observations: readonly Observation[]): Promise<void> {
  const texts = observations.map((one) => canonicalJson(one))
  const at = `2026-10-${String(day + 1).padStart(2, '0')}T08:00:00.000Z`
  await store.transaction(async (tx) => {
    const digests = await tx.objects.putMany(texts)
    await keepComponents(tx, new Map(observations.map((one, index) => [digests[index] ?? '', one])))
    const lines = observations.map(({ kind, subject }, index) => ({ kind, subject, observation: digests[index] }))
    const manifest = await tx.objects.put(canonicalJson(lines))
    await tx.runs.append(runAt(`day-${day}`, at, manifest))
  })
}

function runAt(id: string, at: string, observations: string) {
  return {
    id,
    round: id,
    duty: 'vulnerability-scanning',
    dutyVersion: 1,
    cadence: 'daily',
    reason: 'due' as const,
    outcome: 'completed' as const,
    missedPeriods: 0,
    detail: '',
    startedAt: at,
    endedAt: at,
    clock: 'simulated' as const,
    practice: false,
    collectors: {},
    params: {},
    observations,
    verdicts: null,
    counts: { pass: 0, fail: 0, unknown: 0, notApplicable: 0, opened: 0, resolved: 0 },
  }
}

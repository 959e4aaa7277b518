import type { ObservationKind, Strength } from '@upkeep/contract/observation'
import { AdvisoryFeed } from '@upkeep/contract/observations/advisories'
import { ClientConfig } from '@upkeep/contract/observations/client-config'
import { ControlProbes } from '@upkeep/contract/observations/control-probes'
import { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { Endpoint } from '@upkeep/contract/observations/endpoint'
import { Registry } from '@upkeep/contract/observations/registry'
import { ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import { ServerProbes } from '@upkeep/contract/observations/server-probes'
import { ServerTests } from '@upkeep/contract/observations/server-tests'
import type { Subject } from '@upkeep/contract/subject'
import type { Instant } from '@upkeep/contract/time'
import { z } from 'zod'
import type { StoredObservation } from '../store/stored-observations.ts'
import type { Coverage, CoveredServer } from './report-model.ts'

/** The kinds that say what was looked at. */
export const coverageKinds = [
  'client-config',
  'declared-server',
  'resolved-package',
  'endpoint',
  'tool-surface',
  'control-probes',
  'registry',
  'server-probes',
  'server-tests',
  'advisories',
] as const satisfies readonly ObservationKind[]

/** Of the advisories only how old their feeds are: the records themselves are thousands. */
const FeedAges = z.object({
  feeds: z.array(AdvisoryFeed.pick({ id: true, form: true, newest: true, maxAgeDays: true })),
})

/** Of a surface only how it was come by: the rest is large. */
const Listing = z.object({ transport: z.string() })

/** What was looked at, counted from the observations themselves. */
export function coverageOf(observations: readonly StoredObservation[], observedAt: Instant | null): Coverage {
  const about = bySubject(observations)
  const files = seenOf(observations, 'client-config', ClientConfig)
  const lines = new Map(files.map(({ facts }) => [facts.path, new Map(Object.entries(facts.lines ?? {}))]))
  const servers = seenOf(observations, 'declared-server', DeclaredServer).map(({ subject, facts }) => ({
    ...coverServer(subject, facts, about.get(subject.id) ?? []),
    line: lines.get(facts.path)?.get(facts.name) ?? null,
  }))
  return {
    observedAt,
    servers,
    clients: [...new Set(servers.map((server) => server.client))].sort(),
    strengths: countStrengths(servers),
    filesRead: files.length,
    unreadable: observations.flatMap(unreadable),
    problems: files.flatMap(({ facts }) => facts.problems.map((problem) => ({ path: facts.path, ...problem }))),
    started: startedAt(observations, observedAt),
    connected: new Set([...seenOf(observations, 'endpoint', Endpoint), ...listedLive(observations)].map(idOf)).size,
    gatewaysAsked: observations.filter(isAskedGateway).length,
    registryAsked: seenOf(observations, 'registry', Registry).some(({ facts }) => facts.asked === 'live'),
    feeds: seenOf(observations, 'advisories', FeedAges).flatMap(({ facts }) => facts.feeds),
  }
}

/** Whose tools were listed over the network, by a duty that needs no more of the endpoint than that. */
function listedLive(observations: readonly StoredObservation[]): SeenAs<typeof Listing>[] {
  return seenOf(observations, 'tool-surface', Listing).filter(({ facts }) => facts.transport !== 'stdio')
}

/** A gateway that is listed and lacks its token was not even connected to. */
function isAskedGateway(one: StoredObservation): boolean {
  if (one.kind !== 'client-config' || !/^file:https?:/.test(one.subject.id)) return false
  return one.state === 'seen' || (one.state === 'unavailable' && !unasked.has(one.code))
}

const unasked: ReadonlySet<string> = new Set(['not-configured', 'not-supported'])

function idOf({ subject }: { subject: Subject }): string {
  return subject.id
}

/** How many servers were started in the sandbox by this round itself: what earlier ones proved is handed on with its own day. */
function startedAt(observations: readonly StoredObservation[], at: Instant | null): number {
  const runs = [
    ...seenOf(observations, 'server-probes', ServerProbes),
    ...seenOf(observations, 'server-tests', ServerTests),
  ].filter(({ facts }) => facts.at === at)
  return new Set(runs.map(({ subject }) => subject.id)).size
}

interface SeenAs<Schema extends z.ZodType> {
  subject: Subject
  facts: z.output<Schema>
}

/** Facts of one kind. A record of an older shape is left out: its verdicts were drawn long ago, and it is not worth losing the report. */
function seenOf<Schema extends z.ZodType>(
  observations: readonly StoredObservation[],
  kind: (typeof coverageKinds)[number],
  schema: Schema,
): SeenAs<Schema>[] {
  return observations.flatMap((one) => {
    if (one.kind !== kind || one.state !== 'seen') return []
    const parsed = schema.safeParse(one.facts)
    return parsed.success ? [{ subject: one.subject, facts: parsed.data }] : []
  })
}

function bySubject(observations: readonly StoredObservation[]): Map<string, StoredObservation[]> {
  const groups = new Map<string, StoredObservation[]>()
  for (const one of observations) {
    const group = groups.get(one.subject.id)
    if (group === undefined) groups.set(one.subject.id, [one])
    else group.push(one)
  }
  return groups
}

function coverServer(
  subject: Subject,
  declared: DeclaredServer,
  known: readonly StoredObservation[],
): Omit<CoveredServer, 'line'> {
  const resolved = seenOf(known, 'resolved-package', ResolvedPackage)[0]?.facts ?? null
  const runs = resolved === null || resolved.wouldRun === null ? null : (resolved.installed[resolved.wouldRun] ?? null)
  return {
    subject,
    client: declared.client,
    scope: declared.scope,
    path: declared.path,
    transport: declared.transport,
    disabled: declared.disabled,
    strength: strengthOf(runs !== null, known),
    launches: `${launchText(declared)}${confinedText(declared)}`,
    version: runs?.version ?? null,
    digest: runs?.digest ?? null,
    why: resolved === null ? whyUnresolved(declared) : whyOf(resolved),
  }
}

/** That an entry speaks of walls is its own word where its profile is not the sealed one. */
function confinedText({ confined }: DeclaredServer): string {
  if (confined === undefined) return ''
  return confined.fault === null ? ' (confined)' : ` (says that it is confined: ${confined.fault})`
}

function strengthOf(isResolved: boolean, known: readonly StoredObservation[]): Strength {
  const probed = seenOf(known, 'control-probes', ControlProbes).some(({ facts }) =>
    facts.results.some((result) => result.outcome !== 'inconclusive'),
  )
  if (probed) return 'proven'
  if (seenOf(known, 'endpoint', Endpoint).some(({ facts }) => facts.reachable)) return 'observed'
  if (listedLive(known).length > 0) return 'observed'
  return isResolved ? 'resolved' : 'declared'
}

function whyUnresolved(declared: DeclaredServer): string {
  if (/^https?:/.test(declared.path)) return 'it runs where its gateway runs: what is installed there is not looked at'
  return declared.launch.via === 'remote'
    ? 'a URL: the bytes behind it are not on this machine'
    : 'its package was not looked up'
}

function whyOf(resolved: ResolvedPackage): string {
  if (resolved.wouldRun !== null) return ''
  const cached = resolved.installed.flatMap((one) => (one.version === null ? [] : [one.version]))
  return cached.length === 0 ? resolved.why : `${resolved.why}; installed: ${cached.join(', ')}`
}

/** What an entry starts, in a few words. */
export function launchText(declared: DeclaredServer): string {
  const launch = declared.launch
  if ('ecosystem' in launch) {
    const { name, requested } = launch
    // A source is its own name.
    return requested === null || requested === name ? name : `${name}@${requested}`
  }
  if ('image' in launch) return launch.image
  if ('script' in launch) return `${launch.via} ${launch.script ?? launch.module ?? ''}`.trim()
  if (launch.via === 'remote') return declared.url ?? 'a URL'
  if (launch.via === 'binary') return launch.file
  return launch.via === 'shell' ? 'a shell command' : 'not understood'
}

function countStrengths(servers: readonly CoveredServer[]): Record<Strength, number> {
  const counts: Record<Strength, number> = { declared: 0, resolved: 0, observed: 0, proven: 0 }
  for (const server of servers) counts[server.strength] += 1
  return counts
}

function unreadable(one: StoredObservation): Coverage['unreadable'][number][] {
  const isFile = one.kind === 'client-config' && one.state === 'unavailable'
  return isFile ? [{ subject: one.subject, code: one.code, reason: one.reason }] : []
}

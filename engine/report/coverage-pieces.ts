import type { ObservationKind, UnavailableCode } from '@upkeep/contract/observation'
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
import { z } from 'zod'
import type { StoredObservation } from '../store/stored-observations.ts'

/** Of the advisories only how old their feeds are: the records themselves are thousands. */
const FeedAges = z.object({
  feeds: z.array(AdvisoryFeed.pick({ id: true, form: true, newest: true, maxAgeDays: true })),
})

/** Of a surface only how it was come by: the rest is large. */
const Listing = z.object({ transport: z.string() })

/** What a report says of each kind: the rest of an observation is large, and is let go of. */
const drawn = {
  'client-config': of(ClientConfig, ({ path, lines, problems }) => ({
    path,
    lines: new Map(Object.entries(lines ?? {})),
    problems,
  })),
  'declared-server': of(DeclaredServer, (declared) => ({
    name: declared.name,
    client: declared.client,
    scope: declared.scope,
    path: declared.path,
    transport: declared.transport,
    disabled: declared.disabled,
    launches: `${launchText(declared)}${confinedText(declared)}`,
    why: whyUnresolved(declared),
  })),
  'resolved-package': of(ResolvedPackage, (resolved) => ({
    runs: runningOf(resolved),
    why: whyOf(resolved),
  })),
  endpoint: of(Endpoint, ({ reachable }) => ({ reachable })),
  'tool-surface': of(Listing, ({ transport }) => ({ transport })),
  'control-probes': of(ControlProbes, ({ results }) => ({
    conclusive: results.some((result) => result.outcome !== 'inconclusive'),
  })),
  registry: of(Registry, ({ asked }) => ({ asked })),
  'server-probes': of(ServerProbes, ({ at }) => ({ at })),
  'server-tests': of(ServerTests, ({ at }) => ({ at })),
  advisories: of(FeedAges, ({ feeds }) => ({ feeds })),
} as const satisfies Partial<Record<ObservationKind, (facts: unknown) => unknown>>

type Drawn = typeof drawn
export type CoverageKind = keyof Drawn

/** The kinds that say what was looked at. */
export const coverageKinds = Object.keys(drawn).filter(isCoverageKind)

type FactsOf<Kind extends CoverageKind> = NonNullable<ReturnType<Drawn[Kind]>>

/** What coverage needs of one observation. Facts are null where there are none, or where they have a form that is no longer read. */
export type CoveragePiece = {
  [Kind in CoverageKind]: {
    readonly kind: Kind
    readonly subject: Subject
    readonly state: StoredObservation['state']
    readonly unavailable: { readonly code: UnavailableCode; readonly reason: string } | null
    readonly facts: FactsOf<Kind> | null
  }
}[CoverageKind]

/** Null for a kind that says nothing of what was looked at. */
export function pieceOf(observation: StoredObservation): CoveragePiece | null {
  const { kind, subject, state } = observation
  if (!isCoverageKind(kind)) return null
  const unavailable = state === 'unavailable' ? { code: observation.code, reason: observation.reason } : null
  const facts = state === 'seen' ? drawn[kind](observation.facts) : null
  // Kind and facts belong together: both were just taken by the same key, which the compiler cannot follow.
  return { kind, subject, state, unavailable, facts } as CoveragePiece
}

function isCoverageKind(kind: string): kind is CoverageKind {
  return Object.hasOwn(drawn, kind)
}

/** A record of an older shape is left out: its verdicts were drawn long ago, and it is not worth losing the report. */
function of<Schema extends z.ZodType, Result>(schema: Schema, draw: (facts: z.output<Schema>) => Result) {
  return (facts: unknown): Result | null => {
    const parsed = schema.safeParse(facts)
    return parsed.success ? draw(parsed.data) : null
  }
}

function runningOf({ wouldRun, installed }: ResolvedPackage): { version: string | null; digest: string | null } | null {
  const runs = wouldRun === null ? undefined : installed[wouldRun]
  return runs === undefined ? null : { version: runs.version, digest: runs.digest }
}

/** That an entry speaks of walls is its own word where its profile is not the sealed one. */
function confinedText({ confined }: DeclaredServer): string {
  if (confined === undefined) return ''
  return confined.fault === null ? ' (confined)' : ` (says that it is confined: ${confined.fault})`
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
function launchText(declared: DeclaredServer): string {
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

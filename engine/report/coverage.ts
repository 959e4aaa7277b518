import type { Strength } from '@upkeep/contract/observation'
import type { Subject } from '@upkeep/contract/subject'
import type { Instant } from '@upkeep/contract/time'
import type { CoverageKind, CoveragePiece } from './coverage-pieces.ts'
import type { Coverage, CoveredServer } from './report-model.ts'

/** What was looked at, counted from the observations themselves. */
export function coverageOf(pieces: readonly CoveragePiece[], observedAt: Instant | null): Coverage {
  const about = bySubject(pieces)
  const files = seenOf(pieces, 'client-config')
  const lines = new Map(files.map(({ facts }) => [facts.path, facts.lines]))
  const servers = seenOf(pieces, 'declared-server').map(({ subject, facts }) => ({
    ...coverServer(subject, facts, about.get(subject.id) ?? []),
    line: lines.get(facts.path)?.get(facts.name) ?? null,
  }))
  return {
    observedAt,
    servers,
    clients: [...new Set(servers.map((server) => server.client))].sort(),
    strengths: countStrengths(servers),
    filesRead: files.length,
    unreadable: pieces.flatMap(unreadable),
    problems: files.flatMap(({ facts }) => facts.problems.map((problem) => ({ path: facts.path, ...problem }))),
    started: startedAt(pieces, observedAt),
    connected: new Set([...seenOf(pieces, 'endpoint'), ...listedLive(pieces)].map(({ subject }) => subject.id)).size,
    gatewaysAsked: pieces.filter(isAskedGateway).length,
    registryAsked: seenOf(pieces, 'registry').some(({ facts }) => facts.asked === 'live'),
    feeds: seenOf(pieces, 'advisories').flatMap(({ facts }) => facts.feeds),
  }
}

/** Whose tools were listed over the network, by a duty that needs no more of the endpoint than that. */
function listedLive(pieces: readonly CoveragePiece[]): SeenAs<'tool-surface'>[] {
  return seenOf(pieces, 'tool-surface').filter(({ facts }) => facts.transport !== 'stdio')
}

/** A gateway that is listed and lacks its token was not even connected to. */
function isAskedGateway({ kind, subject, state, unavailable }: CoveragePiece): boolean {
  if (kind !== 'client-config' || !/^file:https?:/.test(subject.id)) return false
  return state === 'seen' || (unavailable !== null && !unasked.has(unavailable.code))
}

const unasked: ReadonlySet<string> = new Set(['not-configured', 'not-supported'])

/** How many servers were started in the sandbox by this round itself: what earlier ones proved is handed on with its own day. */
function startedAt(pieces: readonly CoveragePiece[], at: Instant | null): number {
  const runs = [...seenOf(pieces, 'server-probes'), ...seenOf(pieces, 'server-tests')]
  return new Set(runs.filter(({ facts }) => facts.at === at).map(({ subject }) => subject.id)).size
}

interface SeenAs<Kind extends CoverageKind> {
  subject: Subject
  facts: FactsOf<Kind>
}

type FactsOf<Kind extends CoverageKind> = NonNullable<Extract<CoveragePiece, { kind: Kind }>['facts']>

/** Facts of one kind, where there are some. */
function seenOf<Kind extends CoverageKind>(pieces: readonly CoveragePiece[], kind: Kind): SeenAs<Kind>[] {
  return pieces.flatMap((one) => {
    // The kind says which facts they are; the compiler cannot follow that through a type parameter.
    return one.kind === kind && one.facts !== null ? [{ subject: one.subject, facts: one.facts as FactsOf<Kind> }] : []
  })
}

function bySubject(pieces: readonly CoveragePiece[]): Map<string, CoveragePiece[]> {
  const groups = new Map<string, CoveragePiece[]>()
  for (const one of pieces) {
    const group = groups.get(one.subject.id)
    if (group === undefined) groups.set(one.subject.id, [one])
    else group.push(one)
  }
  return groups
}

function coverServer(
  subject: Subject,
  { name: _, why, ...declared }: FactsOf<'declared-server'>,
  known: readonly CoveragePiece[],
): Omit<CoveredServer, 'line'> {
  const resolved = seenOf(known, 'resolved-package')[0]?.facts ?? null
  const runs = resolved?.runs ?? null
  return {
    subject,
    ...declared,
    strength: strengthOf(runs !== null, known),
    version: runs?.version ?? null,
    digest: runs?.digest ?? null,
    why: resolved === null ? why : resolved.why,
  }
}

function strengthOf(isResolved: boolean, known: readonly CoveragePiece[]): Strength {
  if (seenOf(known, 'control-probes').some(({ facts }) => facts.conclusive)) return 'proven'
  if (seenOf(known, 'endpoint').some(({ facts }) => facts.reachable)) return 'observed'
  if (listedLive(known).length > 0) return 'observed'
  return isResolved ? 'resolved' : 'declared'
}

function countStrengths(servers: readonly CoveredServer[]): Record<Strength, number> {
  const counts: Record<Strength, number> = { declared: 0, resolved: 0, observed: 0, proven: 0 }
  for (const server of servers) counts[server.strength] += 1
  return counts
}

function unreadable({ kind, subject, unavailable }: CoveragePiece): Coverage['unreadable'][number][] {
  return kind === 'client-config' && unavailable !== null ? [{ subject, ...unavailable }] : []
}

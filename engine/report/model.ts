import type { Finding } from '@upkeep/contract/finding'
import type { ObservationKind } from '@upkeep/contract/observation'
import type { Run } from '@upkeep/contract/run'
import { fleet } from '@upkeep/contract/subject'
import type { Instant } from '@upkeep/contract/time'
import type { Profile } from '@upkeep/contract/upkeep-file'
import { activeAcceptances } from '@upkeep/domain/active-acceptances'
import { coverageKinds, coverageOf } from './coverage.ts'
import { itemsOf, type SubjectFacts } from './items.ts'
import { indexesOf } from './ledger-indexes.ts'
import { readManifest, readObservations } from './read-observations.ts'
import type { Coverage, DutyStanding, ReportDuty, ReportModel, VerdictSource } from './report-model.ts'
import type { ReportSource } from './source.ts'
import { unknownGroups } from './unknown-groups.ts'
import { type SeenBy, verdictSources } from './verdict-sources.ts'

/** What a report needs besides the records: the moment, the profile, and the catalogue by name. */
export interface ReportOptions {
  at: Instant
  version: string
  profile: Profile
  duties: readonly ReportDuty[]
  collectors: readonly { id: string; sees: readonly ObservationKind[] }[]
  /** How many verdicts carry the bytes that they rest on. 0 where the reader is a terminal. */
  bodies?: number
  /** True when this state belongs to the practice fleet, or the clock is simulated, whatever the records say. */
  practice?: boolean
  simulatedClock?: boolean
  /** The home that was looked at, where it was one. */
  home?: string
  /** Who answers for a subject. */
  ownersOf?: SubjectFacts['ownersOf']
  /** Only what this owner answers for. */
  owner?: string
}

/** Draws the report from stored records alone. */
export async function buildReport(source: ReportSource, options: ReportOptions): Promise<ReportModel> {
  const standings = await standingsOf(source, options.duties)
  const runs = standings.flatMap((one) => (one.latest === null ? [] : [one.latest]))
  const coverage = await readCoverage(source, standings)
  const seenBy: SeenBy = groupSeenBy(options.collectors)
  const verdicts = await verdictSources(source, runs, { seenBy, bodies: options.bodies ?? 0 })
  const standing = await findingsOf(source, options)
  const unknowns = unknownGroups(verdicts, standings, fleet)
  return {
    at: options.at,
    version: options.version,
    profile: options.profile,
    practice: options.practice === true || runs.some((run) => run.practice),
    simulatedClock: options.simulatedClock === true || runs.some((run) => run.clock === 'simulated'),
    home: options.home ?? null,
    coverage,
    ...standing,
    unknowns,
    standings,
    notAdopted: options.duties.filter((duty) => !duty.adopted),
    verdicts,
    ...(await ledgerOf(source, runs, standing)),
    totals: totalsOf(standing, verdicts, unknowns.length),
  }
}

async function standingsOf(source: ReportSource, duties: readonly ReportDuty[]): Promise<DutyStanding[]> {
  const standings: DutyStanding[] = []
  for (const duty of duties) {
    const latest = await source.runs.latestCompleted(duty.id)
    // One that is not adopted and was run by name has said something, and what it could not judge is as loud as the rest.
    if (!duty.adopted && latest === null) continue
    const [newest] = await source.runs.list({ duty: duty.id, limit: 1 })
    const failed = newest !== undefined && (newest.outcome === 'failed' || newest.outcome === 'interrupted')
    standings.push({ duty, latest, failedSince: failed ? newest : null })
  }
  return standings
}

/** Each kind from the newest run of a duty that needs it: an older run must not bring back a server that is gone. */
async function readCoverage(source: ReportSource, standings: readonly DutyStanding[]): Promise<Coverage> {
  const ran = standings.flatMap(({ duty, latest }) => (latest === null ? [] : [{ duty, run: latest }]))
  ran.sort((one, other) => (one.run.startedAt < other.run.startedAt ? 1 : -1))
  const entries = []
  for (const kind of coverageKinds) {
    const newest = ran.find(({ duty }) => duty.sees.includes(kind))
    if (newest === undefined) continue
    const manifest = await readManifest(source, newest.run)
    for (const entry of manifest) if (entry.kind === kind) entries.push(entry)
  }
  return coverageOf(await readObservations(source, entries), ran[0]?.run.startedAt ?? null)
}

function groupSeenBy(collectors: ReportOptions['collectors']): Map<string, string[]> {
  const seenBy = new Map<string, string[]>()
  for (const { id, sees } of collectors) for (const kind of sees) seenBy.set(kind, [...(seenBy.get(kind) ?? []), id])
  return seenBy
}

async function findingsOf(
  source: ReportSource,
  { at, owner, ownersOf = () => [] }: Pick<ReportOptions, 'at' | 'owner' | 'ownersOf'>,
): Promise<Pick<ReportModel, 'items' | 'accepted'>> {
  const isMeant = (finding: Finding) => owner === undefined || ownersOf(finding.statement.subject).includes(owner)
  const current = (await source.findings.current()).filter((finding) => finding.state !== 'resolved')
  const open = current.filter(isMeant)
  const active = activeAcceptances(await source.acceptances.list(), at)
  const accepted = open.flatMap((finding) => {
    const acceptance = active.get(finding.statement.fingerprint)
    return acceptance === undefined ? [] : [{ finding, acceptance }]
  })
  return {
    accepted,
    items: itemsOf(
      open.filter((finding) => !active.has(finding.statement.fingerprint)),
      { ownersOf },
    ),
  }
}

async function ledgerOf(
  source: ReportSource,
  runs: readonly Run[],
  { items, accepted }: Pick<ReportModel, 'items' | 'accepted'>,
): Promise<Pick<ReportModel, 'runs' | 'ledgerIndexes' | 'ledger'>> {
  const ids = [
    ...runs.map((run) => run.id),
    ...items.flatMap((item) => item.findings.map((finding) => finding.id)),
    ...accepted.flatMap((one) => [one.finding.id, one.acceptance.id]),
  ]
  const size = await source.ledger.size()
  const ledgerIndexes = await indexesOf(source, ids, size)
  const checkpoint = await source.checkpoints.latest()
  return {
    runs: runs.map((run) => ({ run, ledgerIndex: ledgerIndexes.get(run.id) ?? null })),
    ledgerIndexes,
    ledger: {
      size,
      checkpoint: checkpoint === null ? null : { size: checkpoint.size, root: checkpoint.root, at: checkpoint.at },
    },
  }
}

function totalsOf(
  { items, accepted }: Pick<ReportModel, 'items' | 'accepted'>,
  verdicts: readonly VerdictSource[],
  unknown: number,
): ReportModel['totals'] {
  function count(word: string): number {
    return verdicts.filter((one) => one.verdict.verdict === word).length
  }
  return {
    findings: items.reduce((sum, item) => sum + item.findings.length, 0),
    accepted: accepted.length,
    unknown,
    pass: count('pass'),
    notApplicable: count('not-applicable'),
  }
}

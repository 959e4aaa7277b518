import type { Finding, Severity } from '@upkeep/contract/finding'
import type { ObservationKind } from '@upkeep/contract/observation'
import type { Run } from '@upkeep/contract/run'
import { fleet } from '@upkeep/contract/subject'
import type { Instant } from '@upkeep/contract/time'
import type { Profile } from '@upkeep/contract/upkeep-file'
import { activeAcceptances } from '@upkeep/domain/active-acceptances'
import { type CoverageKind, coverageKinds } from './coverage-pieces.ts'
import { itemSeverities, itemsOf, type SubjectFacts } from './items.ts'
import { type JudgedRun, type KeptParts, keptParts } from './kept-parts.ts'
import { indexesOf } from './ledger-indexes.ts'
import type { AcceptedFinding, Coverage, DutyStanding, ReportDuty, ReportModel, UnknownGroup } from './report-model.ts'
import type { ReportSource } from './source.ts'
import { unknownGroups } from './unknown-groups.ts'
import { type SeenBy, verdictSources, worstVerdictFirst } from './verdict-sources.ts'

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
  /** Without the verdicts, what they rest on and where records lie in the ledger: these are in the report, and empty. */
  brief?: boolean
  /** What was drawn before, where somebody keeps it. */
  parts?: KeptParts
}

export type StandingOptions = Pick<ReportOptions, 'duties' | 'practice' | 'simulatedClock' | 'parts'>

/** The runs that stand, and what they leave on everything that is drawn from them. */
export interface ReportRuns extends Pick<ReportModel, 'standings' | 'practice' | 'simulatedClock'> {
  runs: readonly Run[]
}

/** Draws the report from stored records alone. */
export async function buildReport(source: ReportSource, options: ReportOptions): Promise<ReportModel> {
  const { standings, runs, practice, simulatedClock } = await readRuns(source, options)
  const parts = options.parts ?? keptParts()
  const coverage = await readCoverage(source, { standings }, parts)
  const { judged, unknowns } = await judgedBy(source, { runs, standings }, parts)
  const standing = await findingsOf(source, options)
  const findings = standing.items.reduce((sum, item) => sum + item.findings.length, 0)
  return {
    at: options.at,
    version: options.version,
    profile: options.profile,
    practice,
    simulatedClock,
    home: options.home ?? null,
    coverage,
    ...standing,
    unknowns,
    standings,
    notAdopted: options.duties.filter((duty) => !duty.adopted),
    verdicts: options.brief === true ? [] : await verdictsOf(source, runs, options),
    ...(await ledgerOf(source, runs, options.brief === true ? null : standing)),
    totals: totalsOf({ findings, accepted: standing.accepted.length, unknown: unknowns.length }, judged),
  }
}

/** What was looked at, and nothing else of the report. */
export async function buildCoverage(
  source: ReportSource,
  options: StandingOptions,
): Promise<Omit<ReportRuns, 'runs'> & { coverage: Coverage }> {
  const { runs: _, ...standing } = await readRuns(source, options)
  return { ...standing, coverage: await readCoverage(source, standing, options.parts ?? keptParts()) }
}

/** How many of everything the report has, without drawing it. */
export interface ReportFigures extends Pick<ReportModel, 'totals' | 'practice' | 'simulatedClock'> {
  /** Items, by their severity. */
  items: Readonly<Record<Severity, number>>
  coverage: Coverage
}

/** Counts what the report would say. */
export async function buildFigures(
  source: ReportSource,
  options: StandingOptions & Pick<ReportOptions, 'at'>,
): Promise<ReportFigures> {
  const { standings, runs, practice, simulatedClock } = await readRuns(source, options)
  const parts = options.parts ?? keptParts()
  const coverage = await readCoverage(source, { standings }, parts)
  const { judged, unknowns } = await judgedBy(source, { runs, standings }, parts)
  const { open, accepted } = await openFindings(source, options)
  const items = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const severity of itemSeverities(open)) items[severity] += 1
  const counted = { findings: open.length, accepted: accepted.length, unknown: unknowns.length }
  return { items, coverage, practice, simulatedClock, totals: totalsOf(counted, judged) }
}

/** The newest completed run of each duty. */
export async function readRuns(source: ReportSource, options: StandingOptions): Promise<ReportRuns> {
  const standings = await standingsOf(source, options.duties)
  const runs = standings.flatMap((one) => (one.latest === null ? [] : [one.latest]))
  return {
    standings,
    runs,
    practice: options.practice === true || runs.some((run) => run.practice),
    simulatedClock: options.simulatedClock === true || runs.some((run) => run.clock === 'simulated'),
  }
}

function verdictsOf(source: ReportSource, runs: readonly Run[], { collectors, bodies = 0 }: ReportOptions) {
  const seenBy: SeenBy = groupSeenBy(collectors)
  return verdictSources(source, runs, { seenBy, bodies })
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
async function readCoverage(
  source: ReportSource,
  { standings }: Pick<ReportRuns, 'standings'>,
  parts: KeptParts,
): Promise<Coverage> {
  const ran = standings.flatMap(({ duty, latest }) => (latest === null ? [] : [{ duty, run: latest }]))
  ran.sort((one, other) => (one.run.startedAt < other.run.startedAt ? 1 : -1))
  const newest = new Map<CoverageKind, Run>()
  for (const kind of coverageKinds) {
    const found = ran.find(({ duty }) => duty.sees.includes(kind))
    if (found !== undefined) newest.set(kind, found.run)
  }
  return parts.coverage(source, newest, ran[0]?.run.startedAt ?? null)
}

function groupSeenBy(collectors: ReportOptions['collectors']): Map<string, string[]> {
  const seenBy = new Map<string, string[]>()
  for (const { id, sees } of collectors) for (const kind of sees) seenBy.set(kind, [...(seenBy.get(kind) ?? []), id])
  return seenBy
}

async function judgedBy(
  source: ReportSource,
  { runs, standings }: Pick<ReportRuns, 'runs' | 'standings'>,
  parts: KeptParts,
): Promise<{ judged: JudgedRun[]; unknowns: UnknownGroup[] }> {
  const judged = await Promise.all(runs.map((run) => parts.judged(source, run)))
  const unjudged = worstVerdictFirst(judged.flatMap((one) => one.unjudged))
  return { judged, unknowns: unknownGroups(unjudged, standings, fleet) }
}

type AboutWhom = Pick<ReportOptions, 'at' | 'owner' | 'ownersOf'>

async function findingsOf(source: ReportSource, options: AboutWhom): Promise<Pick<ReportModel, 'items' | 'accepted'>> {
  const { open, accepted } = await openFindings(source, options)
  return { accepted, items: itemsOf(open, { ownersOf: options.ownersOf ?? nobody }) }
}

function nobody(): readonly string[] {
  return []
}

/** What is not resolved, and what of it somebody decided to live with. */
async function openFindings(
  source: ReportSource,
  { at, owner, ownersOf = nobody }: AboutWhom,
): Promise<{ open: Finding[]; accepted: AcceptedFinding[] }> {
  const isMeant = (finding: Finding) => owner === undefined || ownersOf(finding.statement.subject).includes(owner)
  const current = (await source.findings.current()).filter((finding) => finding.state !== 'resolved')
  const meant = current.filter(isMeant)
  const active = activeAcceptances(await source.acceptances.list(), at)
  const accepted = meant.flatMap((finding) => {
    const acceptance = active.get(finding.statement.fingerprint)
    return acceptance === undefined ? [] : [{ finding, acceptance }]
  })
  return { accepted, open: meant.filter((finding) => !active.has(finding.statement.fingerprint)) }
}

async function ledgerOf(
  source: ReportSource,
  runs: readonly Run[],
  named: Pick<ReportModel, 'items' | 'accepted'> | null,
): Promise<Pick<ReportModel, 'runs' | 'ledgerIndexes' | 'ledger'>> {
  const size = await source.ledger.size()
  const ledgerIndexes = named === null ? new Map<string, number>() : await indexesOf(source, idsIn(runs, named), size)
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

function idsIn(runs: readonly Run[], { items, accepted }: Pick<ReportModel, 'items' | 'accepted'>): string[] {
  return [
    ...runs.map((run) => run.id),
    ...items.flatMap((item) => item.findings.map((finding) => finding.id)),
    ...accepted.flatMap((one) => [one.finding.id, one.acceptance.id]),
  ]
}

function totalsOf(
  counted: Pick<ReportModel['totals'], 'findings' | 'accepted' | 'unknown'>,
  judged: readonly JudgedRun[],
): ReportModel['totals'] {
  return {
    ...counted,
    pass: judged.reduce((sum, { counts }) => sum + counts.pass, 0),
    notApplicable: judged.reduce((sum, { counts }) => sum + counts['not-applicable'], 0),
  }
}

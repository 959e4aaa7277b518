import type { Finding } from '@upkeep/contract/finding'
import type { Run } from '@upkeep/contract/run'
import { quantileOf } from '../statistics/quantile.ts'

const dayMs = 86_400_000
const grave: ReadonlySet<string> = new Set(['critical', 'high'])

/** How the fleet stood at the end of one day, UTC. */
export interface TrendDay {
  readonly day: string
  /** Findings that were open, and how many of them were high or critical. */
  readonly open: number
  readonly grave: number
  readonly opened: number
  readonly resolved: number
  /** Verdicts of the newest run of each duty by then; null before the first. */
  readonly verdicts: { readonly pass: number; readonly fail: number; readonly unknown: number } | null
}

/** How long what was resolved in the seven days before and on a day had been open, in days. */
export interface TrendWeek {
  readonly until: string
  readonly fixed: number
  readonly medianDays: number | null
  readonly slowestDays: number | null
}

/** A time for which a finding was open: from when it came, or came back, until it was found to be gone; null: it is open. */
export interface Stretch {
  readonly from: string
  readonly until: string | null
  readonly severity: Finding['statement']['severity']
}

type Counted = Pick<Finding, 'firstSeenAt' | 'at' | 'state'> & {
  statement: Pick<Finding['statement'], 'severity' | 'fingerprint'>
}
type CountedRun = Pick<Run, 'duty' | 'startedAt' | 'outcome' | 'counts'>

/**
 * When each finding was open. `findings` are the newest records of each; `turns` are all that were appended of those that came back, each in its
 * order. A finding has the severity that it has now.
 */
export function stretchesOf(
  findings: readonly Counted[],
  turns: readonly { readonly fingerprint: string; readonly state: string; readonly at: string }[],
): Stretch[] {
  const known = Map.groupBy(turns, ({ fingerprint }) => fingerprint)
  return findings.flatMap((finding) => {
    const { fingerprint, severity } = finding.statement
    const times: { from: string; until: string | null }[] = []
    let from: string | null = finding.firstSeenAt
    for (const { state, at } of known.get(fingerprint) ?? [finding]) {
      if (state !== 'resolved') from ??= at
      else if (from !== null) {
        times.push({ from, until: at })
        from = null
      }
    }
    if (from !== null) times.push({ from, until: null })
    return times.map((one) => ({ ...one, severity }))
  })
}

/** Day by day up to now. Runs may come in any order. */
export function trendDays(
  findings: readonly Stretch[],
  runs: readonly CountedRun[],
  now: string,
  days: number,
): TrendDay[] {
  const all = lastDays(now, days)
  const completed = runs
    .filter(({ outcome }) => outcome === 'completed')
    .toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1))
  const counts = countsByDay(findings, all)
  const newest = new Map<string, CountedRun>()
  let next = 0
  return all.map((day) => {
    for (let run = completed[next]; run !== undefined && dayOf(run.startedAt) <= day; run = completed[next]) {
      newest.set(run.duty, run)
      next += 1
    }
    return { day, ...counts.of(day), verdicts: newest.size === 0 ? null : verdictsOf([...newest.values()]) }
  })
}

/** Counts by the days on which something came or went: each stretch is looked at once, however many days are asked for. */
function countsByDay(findings: readonly Stretch[], days: readonly string[]) {
  const came = new Map<string, { all: number; grave: number }>()
  const went = new Map<string, { all: number; grave: number }>()
  const first = days[0] ?? ''
  const count = (on: typeof came, moment: string, isGrave: boolean) => {
    // What was before the first day counts as of the day before it.
    const day = dayOf(moment) < first ? '' : dayOf(moment)
    const { all, grave: some } = on.get(day) ?? { all: 0, grave: 0 }
    on.set(day, { all: all + 1, grave: some + (isGrave ? 1 : 0) })
  }
  for (const { from, until, severity } of findings) {
    const isGrave = grave.has(severity)
    count(came, from, isGrave)
    if (until !== null) count(went, until, isGrave)
  }
  const stands = { open: 0, grave: 0 }
  const passed = (day: string) => {
    const [plus, minus] = [came.get(day), went.get(day)]
    stands.open += (plus?.all ?? 0) - (minus?.all ?? 0)
    stands.grave += (plus?.grave ?? 0) - (minus?.grave ?? 0)
    return { ...stands, opened: plus?.all ?? 0, resolved: minus?.all ?? 0 }
  }
  passed('')
  return { of: passed }
}

/** Week by week up to now: a week ends today, the one before seven days earlier. */
export function trendWeeks(findings: readonly Stretch[], now: string, weeks: number): TrendWeek[] {
  const resolved = findings.flatMap(({ from, until }) => (until === null ? [] : [{ since: from, at: until }]))
  const ends = lastDays(now, weeks * 7).filter((_, index) => index % 7 === 6)
  return ends.map((until) => {
    const from = dayOf(new Date(Date.parse(until) - 6 * dayMs).toISOString())
    const fixed = resolved.filter((one) => dayOf(one.at) >= from && dayOf(one.at) <= until)
    const lasted = fixed.map((one) => Math.max(0, Date.parse(one.at) - Date.parse(one.since)) / dayMs)
    const slowest = lasted.length === 0 ? null : lasted.reduce((most, one) => Math.max(most, one))
    return {
      until,
      fixed: fixed.length,
      medianDays: slowest === null ? null : quantileOf(lasted, 0.5).value,
      slowestDays: slowest,
    }
  })
}

function verdictsOf(runs: readonly CountedRun[]): NonNullable<TrendDay['verdicts']> {
  const sum = (of: (counts: Run['counts']) => number) => runs.reduce((total, { counts }) => total + of(counts), 0)
  return { pass: sum(({ pass }) => pass), fail: sum(({ fail }) => fail), unknown: sum(({ unknown }) => unknown) }
}

function dayOf(moment: string): string {
  return moment.slice(0, 10)
}

function lastDays(now: string, days: number): string[] {
  const last = Date.parse(`${dayOf(now)}T00:00:00.000Z`)
  return Array.from({ length: days }, (_, index) => dayOf(new Date(last - (days - 1 - index) * dayMs).toISOString()))
}

import type { Cadence } from '@upkeep/contract/time'
import { type Calendar, periodAt, periodStart } from './period.ts'

/** A duty as the schedule sees it. */
export interface ScheduledDuty {
  readonly id: string
  readonly version: number
  readonly cadence: Cadence
  /** Whose calendar the cadence follows; `UTC` when left out. */
  readonly zone?: string
}

/** What the records say of a duty's past. */
export interface DutyPast {
  /** The completed run that began last, at or before now, and its cadence. */
  readonly lastCompleted: { readonly startedAt: string; readonly cadence: Cadence } | null
  /** The end of the last missed period that was put on record after `lastCompleted`. */
  readonly missedUntil: string | null
  /** When the next completed run began that is later than now: there is one only when the clock went back. */
  readonly fromTheFuture: string | null
}

/** Whole periods that passed without a completed run and are not on record yet. `cadence` is what they are counted in. */
export interface MissedPeriods {
  readonly count: number
  readonly cadence: Cadence
  readonly from: string
  readonly until: string
}

export type Due =
  | {
      readonly due: true
      readonly reason: 'due' | 'catch-up'
      readonly missed: MissedPeriods | null
      readonly note: string
    }
  | { readonly due: false; readonly nextAt: string; readonly note: string }

const order: readonly Cadence[] = ['daily', 'weekly', 'monthly', 'quarterly']

/**
 * Whether a duty is due now: once in every period of its cadence. However many periods passed, one run catches up on all of them. A clock
 * that went back neither repeats a period that has its run nor loses one that has none, and `note` says that it went back.
 */
export function due(duty: ScheduledDuty, past: DutyPast, now: string): Due {
  const note = past.fromTheFuture === null ? '' : clockWentBack(past.fromTheFuture, now)
  const calendar: Calendar = { cadence: duty.cadence, zone: duty.zone ?? 'UTC' }
  const current = periodAt(calendar, now)
  if (hasRunIn(calendar, current, past)) return { due: false, nextAt: periodStart(calendar, current + 1), note }
  if (past.lastCompleted === null) return { due: true, reason: 'due', missed: null, note }
  const passed = passedPeriods(calendar, past.lastCompleted, now)
  if (passed === null) return { due: true, reason: 'due', missed: null, note }
  return { due: true, reason: 'catch-up', missed: notOnRecord(passed, past.missedUntil), note }
}

function hasRunIn(calendar: Calendar, period: number, { lastCompleted, fromTheFuture }: DutyPast): boolean {
  if (fromTheFuture !== null && periodAt(calendar, fromTheFuture) === period) return true
  return lastCompleted !== null && periodAt(calendar, lastCompleted.startedAt) >= period
}

interface Passed {
  readonly calendar: Calendar
  readonly first: number
  readonly end: number
}

/** The whole periods between the last run's and now's. After a change of cadence they are counted in the longer one, which was kept or not either way. */
function passedPeriods(calendar: Calendar, last: { startedAt: string; cadence: Cadence }, now: string): Passed | null {
  const counted = { ...calendar, cadence: longer(calendar.cadence, last.cadence) }
  const first = periodAt(counted, last.startedAt) + 1
  const end = periodAt(counted, now)
  return end > first ? { calendar: counted, first, end } : null
}

function notOnRecord({ calendar, ...passed }: Passed, missedUntil: string | null): MissedPeriods | null {
  const first = missedUntil === null ? passed.first : Math.max(passed.first, periodAt(calendar, missedUntil))
  if (passed.end <= first) return null
  return {
    count: passed.end - first,
    cadence: calendar.cadence,
    from: periodStart(calendar, first),
    until: periodStart(calendar, passed.end),
  }
}

function longer(one: Cadence, other: Cadence): Cadence {
  return order.indexOf(one) >= order.indexOf(other) ? one : other
}

function clockWentBack(future: string, now: string): string {
  return `the clock went back: a completed run began at ${future}, which is after ${now}`
}

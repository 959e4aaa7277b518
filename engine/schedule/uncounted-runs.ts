import type { ClockKind, Run } from '@upkeep/contract/run'
import type { Round, RoundDuty } from '../store/rounds-and-leases.ts'
import type { MissedPeriods, ScheduledDuty } from './due.ts'

/** What a record of missed periods says besides the periods. */
export interface MissedRunInput {
  readonly id: string
  readonly round: string
  readonly duty: ScheduledDuty
  readonly missed: MissedPeriods
  readonly note: string
  readonly clock: ClockKind
  readonly practice: boolean
}

/** The record that periods passed without a completed run: it begins and ends where they do. */
export function missedRun({ duty, missed, note, ...input }: MissedRunInput): Run {
  const periods = missed.count === 1 ? '1 period' : `${missed.count} periods`
  const detail = `${periods} (${missed.cadence}) passed without a completed run`
  return {
    ...nothingSeen,
    ...input,
    duty: duty.id,
    dutyVersion: duty.version,
    cadence: missed.cadence,
    reason: 'catch-up',
    outcome: 'missed',
    missedPeriods: missed.count,
    detail: note === '' ? detail : `${detail}; ${note}`,
    startedAt: missed.from,
    endedAt: missed.until,
  }
}

/** The record that a run began and never ended, because its process did. It counts for nothing: the duty stays as due as it was. */
export function interruptedRun(id: string, round: Round, duty: RoundDuty, at: string): Run {
  return {
    ...nothingSeen,
    ...duty,
    id,
    round: round.id,
    outcome: 'interrupted',
    missedPeriods: 0,
    detail: `process ${round.pid} on ${round.host} ended before the round did`,
    startedAt: round.at,
    endedAt: at < round.at ? round.at : at,
    clock: round.clock,
    practice: round.practice,
  }
}

const nothingSeen = {
  collectors: {},
  params: {},
  observations: null,
  verdicts: null,
  counts: { pass: 0, fail: 0, unknown: 0, notApplicable: 0, opened: 0, resolved: 0 },
} as const

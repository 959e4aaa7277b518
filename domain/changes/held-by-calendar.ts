import type { Instant } from '@upkeep/contract/time'
import {
  drawCalendar,
  type MaintenanceCalendar,
  nextSlot,
  type Slot,
  slotAt,
  type Taken,
  takesBothOf,
  whyNotAt,
} from '../calendar/maintenance-calendar.ts'
import { stampOf } from '../distance.ts'
import type { ChangeState } from './change-state.ts'
import { touchedServers } from './touched-servers.ts'

/** What the calendar says of a change rests on. */
export interface CalendarGrounds {
  readonly calendar: MaintenanceCalendar
  readonly now: Instant
  /** The other changes, in any phase. */
  readonly others: readonly ChangeState[]
  /** When the first finding that it should close is due; null where none says. */
  readonly due: Instant | null
}

/** Why a change may not be made now by the calendar, and when it may; null when it may. Some wait for no window: `isFree`. */
export function heldByCalendar(state: ChangeState, grounds: CalendarGrounds): string | null {
  const { calendar, now, others, due } = grounds
  if (isFree(state) || isEmpty(calendar)) return null
  const servers = touchedServers(state.plan)
  const pair = takesBothOf(calendar, servers)
  if (pair !== null) return `it takes ${pair.servers.join(' and ')} down together, and ${pair.why}: make it two changes`
  const drawn = drawCalendar(calendar, now)
  const asked = { servers, taken: takenBy(others) }
  const why = whyNotAt(drawn, asked, now)
  return why === null ? null : `${why}; ${nextWords(nextSlot(drawn, asked), due, state)}`
}

/** When a change is to be made by the calendar: the first time that nothing stands in the way of. Null where no calendar is kept, or none is free. */
export function slotFor(state: ChangeState, { calendar, now, others }: Omit<CalendarGrounds, 'due'>): Slot | null {
  if (isFree(state) || isEmpty(calendar)) return null
  const servers = touchedServers(state.plan)
  if (takesBothOf(calendar, servers) !== null) return null
  return nextSlot(drawCalendar(calendar, now), { servers, taken: takenBy(others) })
}

/**
 * Whether the time ahead that a change was given is still one, from its beginning to its end: its window may have been moved, shortened or taken out since, or a
 * freeze set over it. What has begun is for the gate; where no calendar is kept any more it stays as it is.
 */
export function keepsItsTime(state: ChangeState, { calendar, now, others }: Omit<CalendarGrounds, 'due'>): boolean {
  const { window } = state
  if (window === null || isFree(state) || isEmpty(calendar) || now >= window.from) return true
  const drawn = drawCalendar(calendar, now)
  const asked = { servers: touchedServers(state.plan), taken: takenBy(others) }
  if (whyNotAt(drawn, asked, window.from) !== null) return false
  const { until } = slotAt(drawn, asked, window.from)
  return until === null || (window.until !== null && window.until <= until)
}

/** What changes have taken of the calendar. */
export function takenBy(states: readonly ChangeState[]): Taken[] {
  return states.flatMap((state): Taken[] => {
    const one = { change: state.id, servers: touchedServers(state.plan) }
    if (state.phase === 'closed')
      return state.appliedAt === null ? [] : [{ ...one, from: state.appliedAt, until: state.appliedAt, open: false }]
    if (state.phase !== 'proposed') return [{ ...one, from: state.appliedAt ?? state.lastAt, until: null, open: true }]
    return state.window === null ? [] : [{ ...one, from: state.window.from, until: state.window.until, open: true }]
  })
}

/** An emergency waits for no window; nor does what sets the windows, which touches no server. */
function isFree({ plan }: Pick<ChangeState, 'plan'>): boolean {
  return (
    plan.class === 'emergency' || (plan.inputs.length > 0 && plan.inputs.every(({ kind }) => kind === 'set-calendar'))
  )
}

function isEmpty({ windows, freezes, dependencies }: MaintenanceCalendar): boolean {
  return windows.length + freezes.length + dependencies.length === 0
}

/** The next time, and what to do where it comes too late. */
function nextWords(next: Slot | null, due: Instant | null, { plan }: ChangeState): string {
  const when =
    next === null
      ? 'no time within a year is free'
      : `the next time is ${stampOf(next.from)}${next.window === null ? '' : ` ("${next.window}")`}`
  if (due === null || (next !== null && next.from <= due)) return when
  const [finding] = plan.closes
  const command = finding === undefined ? 'upkeep emergency' : `upkeep emergency ${finding.slice(0, 12)}`
  return `${when}, and it is due ${stampOf(due)}, before that. Is it an emergency? ${command}`
}

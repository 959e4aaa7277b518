import type { MaintenanceWindow } from '@upkeep/contract/maintenance-window'
import type { Instant } from '@upkeep/contract/time'
import { RRuleTemporal } from 'rrule-temporal'
import { wallMs } from './wall-clock.ts'

/** One time at which a window is open. */
export interface Occurrence {
  readonly window: string
  readonly from: Instant
  readonly until: Instant
  /** When it opens by the clock on the wall of its zone: `2026-11-29 02:00`. */
  readonly wall: string
}

/** One time at which a window would open, if the clock had not skipped that hour. RFC 5545: it does not exist. */
export interface SkippedOccurrence {
  readonly window: string
  readonly wall: string
}

const longestDay = 86_400_000
/** Far more than the days of the spans that are asked for; a rule that never fits ends there, and soon. */
const maxIterations = 2_000

/**
 * When a window is open at any time from one moment to another. An hour that the clock shows twice counts the first time. A rule that can
 * never fit gives nothing.
 */
export function windowOccurrences(window: MaintenanceWindow, from: Instant, until: Instant): Occurrence[] {
  const lasts = durationMs(window.duration)
  return startsOf(window, window.zone, Date.parse(from) - lasts, Date.parse(until))
    .map(({ ms, wall }) => ({ window: window.name, from: instantOf(ms), until: instantOf(ms + lasts), wall }))
    .filter((one) => one.until > from && one.from < until)
}

/** When it would open, by the clock on the wall, in an hour that this clock skips. */
export function skippedOccurrences(window: MaintenanceWindow, from: Instant, until: Instant): SkippedOccurrence[] {
  // The same rule by a clock that skips nothing.
  return startsOf(window, 'UTC', Date.parse(from), Date.parse(until))
    .filter(({ wall }) => isSkipped(wall, window.zone))
    .map(({ wall }) => ({ window: window.name, wall }))
}

/** How long a duration such as `PT1H30M` is. */
export function durationMs(duration: string): number {
  const [, hours, minutes] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? []
  return (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
}

function startsOf(
  { rrule, at, first = '2020-01-01' }: MaintenanceWindow,
  zone: string,
  from: number,
  until: number,
): { ms: number; wall: string }[] {
  const start = `${first}T${at}00`.replaceAll(/[-:]/g, '')
  const rule = new RRuleTemporal({
    rruleString: `DTSTART;TZID=${zone}:${start}\nRRULE:${rrule}`,
    maxIterations,
    cache: false,
  })
  try {
    return rule
      .between(new Date(from), new Date(until), true)
      .map((one) => ({ ms: one.epochMilliseconds, wall: one.toString().slice(0, 16).replace('T', ' ') }))
  } catch {
    // It gives up on a rule that fits no day, such as the 30th of February.
    return []
  }
}

/** Whether the clocks of a zone never show this time. */
function isSkipped(wall: string, zone: string): boolean {
  const asUtc = Date.parse(`${wall.replace(' ', 'T')}:00Z`)
  // No zone is further than 15 hours from UTC, and none shifts by less than a quarter of an hour.
  const nearby = [-1, 1].map((days) => asUtc + days * longestDay - wallMs(asUtc + days * longestDay, zone))
  return nearby.every((offset) => wallMs(asUtc + offset, zone) !== asUtc)
}

function instantOf(ms: number): Instant {
  return new Date(ms).toISOString()
}

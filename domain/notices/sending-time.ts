import { type Digest, type QuietHours, Weekday } from '@upkeep/contract/notify'
import type { Instant } from '@upkeep/contract/time'
import { momentAt, wallMs } from '../calendar/wall-clock.ts'

const dayMs = 86_400_000
/** Quiet hours that follow one another without a break for longer than this have no end worth waiting for. */
const maxPeriods = 14

/** When quiet hours that hold now are over; null where none hold. Periods that follow one another without a break are one. */
export function quietUntil(quiet: QuietHours, now: Instant): Instant | null {
  let until: number | null = null
  for (let period = 0; period < maxPeriods; period += 1) {
    const end = endOfPeriod(quiet, until ?? Date.parse(now))
    if (end === null) break
    until = end
  }
  return until === null ? null : new Date(until).toISOString()
}

function endOfPeriod({ from, until, zone, days }: QuietHours, ms: number): number | null {
  const today = Math.floor(wallMs(ms, zone) / dayMs)
  for (const day of [today - 1, today]) {
    if (days !== undefined && !days.includes(weekdayOf(day))) continue
    const start = momentAt(day * dayMs + msOf(from), zone)
    const endDay = msOf(until) > msOf(from) ? day : day + 1
    const end = momentAt(endDay * dayMs + msOf(until), zone)
    if (start <= ms && ms < end) return end
  }
  return null
}

/** When the next digest is told, after now. */
export function nextDigest({ every, at, zone, on }: Digest, now: Instant): Instant {
  const ms = Date.parse(now)
  const today = Math.floor(wallMs(ms, zone) / dayMs)
  const days = Array.from({ length: 9 }, (_, index) => today + index)
  const moments = days
    .filter((day) => every === 'day' || weekdayOf(day) === on)
    .map((day) => momentAt(day * dayMs + msOf(at), zone))
  const next = moments.find((moment) => moment > ms)
  return new Date(next ?? ms + dayMs).toISOString()
}

/** Days are counted from 1 January 1970, which was a Thursday. */
function weekdayOf(day: number): Weekday {
  return Weekday.options[(((day + 4) % 7) + 7) % 7] ?? 'sunday'
}

function msOf(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) * 60_000
}

/** Minutes from each attempt that failed to the next: over two days, after which it is given up. */
const pauses = [1, 5, 15, 60, 180, 360, 720, 1_440]
const longestWaitMs = dayMs

/** When it is tried again after so many attempts; null: it is given up. `retryAfter` is what the other side asked for, and bounded. */
export function nextAttempt(attempts: number, now: Instant, retryAfter: string | null): Instant | null {
  const minutes = pauses[attempts - 1]
  if (minutes === undefined) return null
  const asked = Math.min(waitAsked(retryAfter, now), longestWaitMs)
  return new Date(Date.parse(now) + Math.max(minutes * 60_000, asked)).toISOString()
}

/** `Retry-After` (RFC 9110): seconds, or a date. What is neither asks for nothing. */
function waitAsked(header: string | null, now: Instant): number {
  if (header === null) return 0
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000
  const at = /^[A-Za-z]{3}, [\w :]{5,40}$/.test(header.trim()) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.parse(now))
}

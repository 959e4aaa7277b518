/** A day of the calendar, as a number: days since 1970-01-01. */
export type DayNumber = number

const msPerDay = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** The day that the calendar of a zone shows at a moment. `UTC` or an IANA zone such as `Europe/Berlin`; an unknown one throws RangeError. */
export function dayIn(zone: string, instant: string): DayNumber {
  const milliseconds = Date.parse(instant)
  if (zone === 'UTC') return Math.floor(milliseconds / msPerDay)
  const parts = formatFor(zone).formatToParts(milliseconds)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return dayNumber(read('year'), read('month'), read('day'))
}

/**
 * The first moment of a day in a zone. Not always midnight: some zones put their clocks forward at midnight, and a zone that crossed the
 * date line has a day without moments, for which this is the first moment after.
 */
export function startOfDay(zone: string, day: DayNumber): string {
  if (zone === 'UTC') return new Date(day * msPerDay).toISOString()
  // No zone is further than a day from UTC. Within the window the day changes at most a few times, always forward but for rare overlaps.
  let before = (day - 2) * msPerDay
  let reached = (day + 2) * msPerDay
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2)
    if (dayIn(zone, new Date(middle).toISOString()) >= day) reached = middle
    else before = middle
  }
  return new Date(reached).toISOString()
}

/** The number of a day of the Gregorian calendar; months count from 1. */
export function dayNumber(year: number, month: number, day: number): DayNumber {
  return Date.UTC(year, month - 1, day) / msPerDay
}

/** Year and month (from 1) of a day. */
export function monthOf(day: DayNumber): { year: number; month: number } {
  const date = new Date(day * msPerDay)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 }
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const kept = formats.get(zone)
  if (kept) return kept
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  formats.set(zone, format)
  return format
}

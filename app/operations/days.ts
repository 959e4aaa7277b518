import { type Instant, UserError } from '@upkeep/contract'

const dayMs = 86_400_000

/** The last moment of a day, UTC: of `2026-12-31`, or of the day that is `30d` from now. */
export function endOfDay(text: string, now: Instant): Instant {
  const days = /^([1-9]\d{0,3})d$/.exec(text)?.[1]
  const day = days === undefined ? text : new Date(Date.parse(now) + Number(days) * dayMs).toISOString().slice(0, 10)
  const end = `${day}T23:59:59.999Z`
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(end))
  if (isDay && new Date(Date.parse(end)).toISOString() === end) return end
  throw new UserError('bad-input', 'That is not a day.', 'Give a day such as 2026-12-31, or a distance such as 30d.')
}

/** A day that is named by its date, from its first moment to its last, UTC. */
export function dayAsked(text: string): { start: Instant; end: Instant } {
  if (text.endsWith('d')) throw new UserError('bad-input', 'That is not a day.', 'Give a day such as 2026-10-01.')
  const end = endOfDay(text, '')
  return { start: `${end.slice(0, 10)}T00:00:00.000Z`, end }
}

/** The moment from which on something is asked: the beginning of a day, or so many days before now. */
export function sinceAsked(text: string, now: Instant): Instant {
  const days = /^([1-9]\d{0,3})d$/.exec(text)?.[1]
  return days === undefined ? dayAsked(text).start : new Date(Date.parse(now) - Number(days) * dayMs).toISOString()
}

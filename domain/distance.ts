import type { Instant } from '@upkeep/contract/time'

const units = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
] as const

/** How far apart two moments are, in the largest unit that fits: `3 h`, `14 d`. Under a minute: `now`. */
export function distance(from: Instant, to: Instant): string {
  const seconds = Math.abs(Date.parse(to) - Date.parse(from)) / 1_000
  const unit = units.find((one) => seconds >= one.seconds)
  return unit === undefined ? 'now' : `${Math.floor(seconds / unit.seconds)} ${unit.name}`
}

/** `3 h ago`; `just now` under a minute. */
export function ago(then: Instant, now: Instant): string {
  const text = distance(then, now)
  return text === 'now' ? 'just now' : `${text} ago`
}

/** The day of a moment, in UTC: `2026-11-22`. */
export function dayOf(instant: Instant): string {
  return instant.slice(0, 10)
}

/** A moment for a document: `2026-11-22 09:30 UTC`. */
export function stampOf(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

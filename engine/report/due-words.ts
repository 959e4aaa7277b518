import type { Due } from '@upkeep/contract/due'
import type { Instant } from '@upkeep/contract/time'

const dayMs = 86_400_000

/** How long there is, for the head of a line: `overdue`, `due now`, `3 days`, `upgrade`. A part of a day counts as none. */
export function dueLabel(due: Due, now: Instant): string {
  if (due.at === null) return 'upgrade'
  const days = Math.floor((Date.parse(due.at) - Date.parse(now)) / dayMs)
  if (due.at < now) return 'overdue'
  if (days < 1) return 'due now'
  return days === 1 ? '1 day' : `${days} days`
}

/** The date and why it is that one, by which row of which table. */
export function dueSentence(due: Due): string {
  return `${due.at === null ? 'due with the next upgrade' : `due ${due.at.slice(0, 10)}`}: ${due.why}`
}

/** The due date that comes first; null where no rule gives one. */
export function soonest(dues: readonly (Due | undefined)[]): Due | null {
  const known = dues.flatMap((due) => (due === undefined ? [] : [due]))
  return known.sort((one, other) => compareDue(one, other))[0] ?? null
}

/** Soonest first, then with the next upgrade, then without a date. */
export function compareDue(one: Due | null, other: Due | null): number {
  const [a, b] = [keyOf(one), keyOf(other)]
  if (a === b) return 0
  return a < b ? -1 : 1
}

function keyOf(due: Due | null): string {
  if (due === null) return '~~'
  return due.at ?? '~'
}

import type { Instant } from '@upkeep/contract/time'
import type { ChangeState } from './change-state.ts'

/**
 * Whether the time of an approved change has come, so that it is begun without anybody at hand: it was given a time by the calendar, that time
 * has begun and is not over, and it was not decided in this time already that something is missing. Rings go by the hand of whoever rolls
 * out, an emergency by whoever declares it. The gate has the last word.
 */
export function isDueNow(state: ChangeState, now: Instant): boolean {
  const { phase, plan, approvals, window, steps } = state
  if (plan.ring !== undefined || plan.class !== 'normal' || window === null) return false
  // Stopped in the middle: what was begun in its time is brought to its end, forward or back.
  if (phase === 'applying' || phase === 'undoing') return true
  if (phase !== 'proposed' || approvals.length === 0) return false
  if (now < window.from || (window.until !== null && now >= window.until)) return false
  return !steps.some((step) => step.is === 'go-no-go' && !step.go && step.at >= window.from)
}

/** Whether an approved change waits for a time that is ahead. */
export function waitsForItsTime({ phase, plan, approvals, window }: ChangeState, now: Instant): boolean {
  const waits = phase === 'proposed' && plan.ring === undefined && plan.class === 'normal' && approvals.length > 0
  return waits && window !== null && now < window.from
}

/** Whether the time that a change was given has passed without it: it takes another. */
export function hasMissedItsTime({ phase, plan, approvals, window }: ChangeState, now: Instant): boolean {
  const waits = phase === 'proposed' && plan.ring === undefined && plan.class === 'normal' && approvals.length > 0
  return waits && window?.until !== null && window?.until !== undefined && now >= window.until
}

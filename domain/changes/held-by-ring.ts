import type { Instant } from '@upkeep/contract/time'
import { stampOf } from '../distance.ts'
import type { ChangeState } from './change-state.ts'

/** Why a change of a rollout may not be made yet: every ring before it has to be done, and to have held for as long as it was given. */
export function heldByRing({ plan }: ChangeState, others: readonly ChangeState[], now: Instant): string | null {
  const { ring } = plan
  if (ring === undefined || ring.index === 0) return null
  const before = others.filter((one) => one.plan.ring?.rollout === ring.rollout && one.plan.ring.index < ring.index)
  const indexes = new Set(before.map((one) => one.plan.ring?.index))
  if (indexes.size < ring.index) return 'a ring before it is not known here'
  return before.map((one) => whyNotPast(one, now)).find((why) => why !== null) ?? null
}

/** Why the next ring may not begin after this one; null when it may. */
function whyNotPast({ plan, outcome, lastAt }: ChangeState, now: Instant): string | null {
  const name = `ring "${plan.ring?.name ?? ''}"`
  if (outcome === null) return `${name} is not done`
  if (outcome !== 'done') return `${name} ended as ${outcome}: the rollout stopped there`
  const until = new Date(Date.parse(lastAt) + (plan.ring?.soakMinutes ?? 0) * 60_000).toISOString()
  return until > now ? `${name} has to hold until ${stampOf(until)}` : null
}

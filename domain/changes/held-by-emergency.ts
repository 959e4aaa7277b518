import type { ChangeState } from './change-state.ts'

/** Why an emergency change may not be made yet: traces are kept before anything is touched, and a rehearsal touches nothing. */
export function heldByEmergency({ plan, emergency, evidence }: ChangeState): string | null {
  if (plan.class !== 'emergency') return null
  if (emergency?.rehearsal === true) return 'it is a rehearsal: nothing is written'
  if (emergency === null || evidence === null)
    return 'what was there before was not kept yet: give it up, and open the emergency again'
  return null
}

/** How long it took from the opening of an emergency until it was seen to be in force; null where it is not, or not an emergency. */
export function secondsToContain({ plan, proposedAt, outcome, emergency, steps }: ChangeState): number | null {
  if (plan.class !== 'emergency' || outcome !== 'done' || emergency?.rehearsal !== false) return null
  const seen = steps.findLast((step) => step.is === 'observed')?.at
  return seen === undefined ? null : Math.round((Date.parse(seen) - Date.parse(proposedAt)) / 1_000)
}

/** By when somebody else has to have looked at an emergency change that was made: a day after the first write. */
export function reviewDueAt({ plan, emergency, steps }: ChangeState): string | null {
  const first = steps.find((step) => step.is === 'applying')?.at
  if (plan.class !== 'emergency' || first === undefined || emergency?.rehearsal === true) return null
  return new Date(Date.parse(first) + reviewWithinMs).toISOString()
}

const reviews = 'emergency-review/'

/** The scope of the statement by which a person reviews an emergency change afterwards. */
export function reviewScope(change: string): string {
  return `${reviews}${change}`
}

/** Whether a statement is the review of some emergency change. */
export function isReview({ scope }: { scope: string }): boolean {
  return scope.startsWith(reviews)
}

const reviewWithinMs = 24 * 3_600_000

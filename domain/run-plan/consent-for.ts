import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { RunConsent } from '@upkeep/contract/run-consent'

export type ConsentState = { state: 'given'; consent: RunConsent } | { state: 'not-given'; reason: string }

/**
 * Whether a person let exactly this be run. A consent for another command line or other bytes is void, and it is said which of the two
 * changed.
 */
export function consentFor(consents: readonly RunConsent[], subjectId: string, plan: RunPlan): ConsentState {
  if (plan.bytes === null) return notGiven('its bytes could not be read whole, so nothing can be consented to')
  const withdrawn = new Set(consents.flatMap((one) => (one.withdraws === null ? [] : [one.withdraws])))
  const standing = consents.filter(
    (one) => one.subject.id === subjectId && one.withdraws === null && !withdrawn.has(one.id),
  )
  const fitting = standing.findLast((one) => one.command === plan.command && one.bytes === plan.bytes)
  if (fitting !== undefined) return { state: 'given', consent: fitting }
  const last = standing.at(-1)
  if (last === undefined) return notGiven('nobody has let it be run')
  const changed = last.command === plan.command ? 'its bytes have' : 'its command line has'
  return notGiven(`${changed} changed since it was let be run: that consent is void`)
}

function notGiven(reason: string): ConsentState {
  return { state: 'not-given', reason }
}

import type { Acceptance } from '@upkeep/contract/finding'
import type { Instant } from '@upkeep/contract/time'

/** The acceptances in force at a moment, by fingerprint: not expired, not withdrawn, the newest where there are several. */
export function activeAcceptances(acceptances: readonly Acceptance[], at: Instant): Map<string, Acceptance> {
  const withdrawn = new Set(acceptances.flatMap((one) => (one.withdraws === null ? [] : [one.withdraws])))
  const active = new Map<string, Acceptance>()
  for (const one of acceptances) {
    if (one.withdraws !== null || withdrawn.has(one.id) || one.until <= at || one.at > at) continue
    const other = active.get(one.fingerprint)
    if (other === undefined || other.at <= one.at) active.set(one.fingerprint, one)
  }
  return active
}

import type { Attestation } from '@upkeep/contract/person'
import type { Instant } from '@upkeep/contract/time'

/** The scope under which a delegation is kept: `statement` is the id of the person who may approve, `person` whose right it is. */
export const delegationScope = 'delegation of approvals'

/** For how many days a right may be handed on at most. */
export const longestDelegationDays = 90

/** One person's right to approve, in the hands of another for a time. */
export interface Delegation {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly at: Instant
  /** When it ends or was taken back. */
  readonly until: Instant
}

/**
 * The delegations among statements of people, each with its end. One whose signature does not hold is none, nor is one of more than
 * ninety days, nor one to oneself. Taking it back takes no signature: a right is given up by a word.
 */
export function delegationsIn(
  attestations: readonly Attestation[],
  isSigned: (one: Attestation) => boolean,
): Delegation[] {
  const about = attestations.filter(({ scope }) => scope === delegationScope)
  const ended = new Map(about.flatMap((one) => (one.revokes === null ? [] : [[one.revokes, one] as const])))
  return about.flatMap((one): Delegation[] => {
    const { id, person, statement, at, validUntil } = one
    const days = (Date.parse(validUntil) - Date.parse(at)) / 86_400_000
    if (one.revokes !== null || person === statement || days > longestDelegationDays + 1 || !isSigned(one)) return []
    const end = ended.get(id)
    const isEnded = end !== undefined && end.person === person && end.at < validUntil
    return [{ id, from: person, to: statement, at, until: isEnded ? end.at : validUntil }]
  })
}

/** Whether somebody may approve by the right of another at a moment. */
export function mayApproveFor(
  delegations: readonly Delegation[],
  { from, to, at }: { from: string; to: string; at: Instant },
): boolean {
  return delegations.some((one) => one.from === from && one.to === to && one.at <= at && one.until > at)
}

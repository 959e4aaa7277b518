import type { ApprovalPolicy, AskedApprovals } from '@upkeep/contract/approval-policy'
import type { Attestation } from '@upkeep/contract/person'
import type { Instant } from '@upkeep/contract/time'

/** Whether a statement of somebody's own was in force at a moment, that they are trained in something. */
export function isTrainedAt(
  attestations: readonly Attestation[],
  { person, scope, at }: { person: string; scope: string; at: Instant },
): boolean {
  const about = attestations.filter((one) => one.scope === scope && one.person === person && one.at <= at)
  const revoked = new Set(about.flatMap(({ revokes }) => revokes ?? []))
  return about.some(({ id, revokes, validUntil }) => revokes === null && !revoked.has(id) && validUntil > at)
}

/** What approvers have to be trained in, by any of these. */
export function trainingScopes(asked: readonly Pick<ApprovalPolicy | AskedApprovals, 'training'>[]): Set<string> {
  return new Set(asked.flatMap(({ training }) => training ?? []))
}

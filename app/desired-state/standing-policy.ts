import type { ApprovalPolicy } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { Store } from '@upkeep/engine/store/store'
import { type DesiredHands, desiredNow } from './desired-now.ts'

/**
 * The policy by which a change that sets something back needs nobody's approval; null where it needs one like any other. A person signed the
 * state that it leads to and that it may be enforced. It is worked out again here, so that no other change comes in under that name.
 */
export async function standingPolicy(
  hands: DesiredHands,
  store: Store,
  { plan }: ChangeState,
): Promise<ApprovalPolicy | null> {
  if (plan.class !== 'standard') return null
  const now = await desiredNow(hands, store)
  if (now === null || now.force.state !== 'in-force') return null
  const enforced = now.violations.filter(({ mode }) => mode === 'enforce').flatMap(({ inputs }) => inputs)
  const allowed = new Set(enforced.map((one) => canonicalJson(one)))
  if (!plan.inputs.every((one) => allowed.has(canonicalJson(one)))) return null
  return {
    name: `desired state in force, signed by ${now.force.by} on ${now.force.at.slice(0, 10)}`,
    when: { class: ['standard'] },
    approvals: 0,
    roles: ['approver'],
    presence: true,
    separation: true,
    validDays: 1,
  }
}

import type { ApprovalPolicy } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { Store } from '@upkeep/engine/store/store'
import { type DesiredHands, type DesiredNow, desiredNow, pulledNow } from './desired-now.ts'
import { pulledBefore } from './pulled-state.ts'

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
  const keys = [...new Set((await pulledBefore(store)).map(({ pulled }) => pulled.key))]
  const states = [
    await desiredNow(hands, store),
    ...(await Promise.all(keys.map((key) => pulledNow(hands, store, key, '')))),
  ]
  for (const now of states) {
    const force = now?.force
    if (force?.state === 'in-force' && isSetBack(now?.violations ?? [], plan)) return policyOf(force)
  }
  return null
}

function isSetBack(violations: DesiredNow['violations'], plan: ChangeState['plan']): boolean {
  const enforced = violations.filter(({ mode }) => mode === 'enforce').flatMap(({ inputs }) => inputs)
  const allowed = new Set(enforced.map((one) => canonicalJson(one)))
  return plan.inputs.every((one) => allowed.has(canonicalJson(one)))
}

function policyOf(force: { by: string; at: string }): ApprovalPolicy {
  return {
    name: `desired state in force, signed by ${force.by} on ${force.at.slice(0, 10)}`,
    when: { class: ['standard'] },
    approvals: 0,
    roles: ['approver'],
    presence: true,
    separation: true,
    validDays: 1,
  }
}

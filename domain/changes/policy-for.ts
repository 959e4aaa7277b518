import type { ApprovalPolicy } from '@upkeep/contract/approval-policy'
import type { Money } from '@upkeep/contract/money'
import type { ChangeState } from './change-state.ts'
import { touchedServers } from './touched-servers.ts'

/**
 * Where nobody wrote policies: what is of low risk and can be taken back whole takes one word at a terminal; all else a key that its owner
 * unlocks or touches, and high risk two people.
 */
export const defaultPolicies: readonly ApprovalPolicy[] = [
  // One person may break the glass, for hours and not for days; somebody else looks at it afterwards.
  policy('emergency that can be undone', {
    when: { class: ['emergency'], risk: ['low'], undoable: true },
    presence: false,
    separation: false,
    validDays: 1,
  }),
  policy('emergency', { when: { class: ['emergency'] }, separation: false, validDays: 1 }),
  policy('low risk, can be undone', { when: { risk: ['low'], undoable: true }, presence: false }),
  policy('high risk', { when: { risk: ['high'] }, approvals: 2 }),
  policy('all else', {}),
]

function policy(name: string, own: Partial<ApprovalPolicy>): ApprovalPolicy {
  const usual = { when: {}, approvals: 1, roles: ['approver' as const], presence: true, separation: true, validDays: 7 }
  return { ...usual, ...own, name }
}

/** The policy that counts for a change: the first that fits; where none does, the strictest of ours. */
export function policyFor(state: ChangeState, policies: readonly ApprovalPolicy[]): ApprovalPolicy {
  return policies.find(({ when }) => fits(when, state)) ?? policy('no policy fits', { approvals: 2 })
}

function fits(when: ApprovalPolicy['when'], { plan, assessment }: ChangeState): boolean {
  const undoable = plan.irreversible.length === 0
  return (
    (when.class === undefined || when.class.includes(plan.class)) &&
    (when.risk === undefined || (assessment !== null && when.risk.includes(assessment.risk))) &&
    (when.undoable === undefined || when.undoable === undoable) &&
    (when.servers === undefined || isAmong(touchedServers(plan), when.servers)) &&
    (when.kinds === undefined || plan.inputs.some(({ kind }) => when.kinds?.includes(kind) === true)) &&
    (when.costs === undefined || isAsMuch(plan.costs, when.costs))
  )
}

function isAmong(servers: readonly string[], wanted: readonly string[]): boolean {
  return servers.some((name) =>
    wanted.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one)),
  )
}

/** Rates are nobody's to guess: what costs in another currency counts as much. */
function isAsMuch(costs: Money | undefined, wanted: Money): boolean {
  return costs !== undefined && (costs.currency !== wanted.currency || costs.amount >= wanted.amount)
}

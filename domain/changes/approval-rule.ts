import type { Approval } from '@upkeep/contract/change-step'
import type { Person } from '@upkeep/contract/person'
import type { ChangeState } from './change-state.ts'

/** What has to be there before a change may be made. */
export interface ApprovalGrounds {
  readonly people: readonly Person[]
  readonly now: string
}

/**
 * Why a change may not be made yet, by what people decided; null when it may. A change that is of low risk and can be taken back whole needs
 * one approval; any other one needs that somebody's presence was proven too.
 */
export function heldByApproval(state: ChangeState, { people, now }: ApprovalGrounds): string | null {
  const failed = state.tests?.find(({ outcome }) => outcome === 'failed')
  if (state.assessment === null || state.tests === null) return 'it was not assessed and tested to the end'
  if (failed !== undefined) return `the test "${failed.name}" failed: ${failed.detail}`
  const refused = state.approvals.find(({ decision }) => decision === 'refused')
  if (refused !== undefined) return `${refused.signer.person} refused it`
  const approvals = state.approvals.filter(({ digest }) => digest === state.digest)
  if (approvals.length === 0)
    return state.approvals.length === 0 ? 'nobody approved it' : 'what was approved is not this plan'
  const fresh = approvals.filter(({ until }) => until > now)
  if (fresh.length === 0)
    return `the approval ended at ${approvals
      .map(({ until }) => until)
      .sort()
      .at(-1)}`
  const others = fresh.filter(({ signer }) => (!isAlone(people) ? signer.person !== state.requester.person : true))
  if (others.length === 0) return `${state.requester.person} asked for it, and nobody else approved it`
  return needsPresence(state) && !others.some(isPresent)
    ? `it is ${whyPresence(state)}, and presence was not proven: the approval was not signed with a key`
    : null
}

/** With one person or none named there is nobody else to ask: said in every record, never passed off as met. */
export function isAlone(people: readonly Person[]): boolean {
  return people.length <= 1
}

/** Whether the default policy asks for more than a word at a terminal. */
export function needsPresence({ assessment, plan }: ChangeState): boolean {
  return assessment === null || assessment.risk !== 'low' || plan.irreversible.length > 0
}

function whyPresence({ assessment, plan }: ChangeState): string {
  return plan.irreversible.length > 0 ? 'not to be taken back whole' : `of ${assessment?.risk ?? 'unknown'} risk`
}

function isPresent({ signer }: Approval): boolean {
  return signer.presence !== 'not-proven'
}

import type { ApprovalPolicy, AskedApprovals } from '@upkeep/contract/approval-policy'
import type { Approval } from '@upkeep/contract/change-step'
import type { Person } from '@upkeep/contract/person'
import type { ChangeState } from './change-state.ts'
import { type Delegation, mayApproveFor } from './delegations.ts'
import { policyFor } from './policy-for.ts'

/** What a decision about a change rests on. */
export interface ApprovalGrounds {
  readonly policies: readonly ApprovalPolicy[]
  readonly people: readonly Person[]
  /** Whose right to approve is in whose hands, and until when. */
  readonly delegations: readonly Delegation[]
  readonly now: string
  /** Whether an approval shows that its person was there. */
  showsPresence(approval: Approval): boolean
  /** Whether a statement is in force that somebody is trained in something. */
  isTrained(person: string, scope: string): boolean
}

/** What of a policy is kept in records. */
export function askedBy({ name, approvals, roles, presence, separation, training }: ApprovalPolicy): AskedApprovals {
  const asked = { policy: name, approvals, roles: [...roles], presence, separation }
  return training === undefined ? asked : { ...asked, training: [...training] }
}

/** Why a change may not be made yet, by what people decided about it; null when it may. */
export function heldByApproval(state: ChangeState, grounds: ApprovalGrounds): string | null {
  if (state.assessment === null || state.tests === null) return 'it was not assessed and tested to the end'
  const failed = failedTests(state).find(({ name }) => !isWaived(name, state, grounds))
  if (failed !== undefined) return `the test "${failed.name}" failed: ${failed.detail}`
  const refused = state.approvals.find(({ decision }) => decision === 'refused')
  if (refused !== undefined) return `${refused.signer.person} refused it`
  const asked = policyFor(state, grounds.policies)
  const wanted = isAlone(grounds.people) ? Math.min(1, asked.approvals) : asked.approvals
  const counting = state.approvals.filter((approval) => whyNotCounted(approval, state, asked, grounds) === null)
  // A right counts once, in whosever hands it is.
  const rights = new Set(counting.map(rightOf))
  if (rights.size >= wanted) return null
  const why = state.approvals.flatMap((approval) => whyNotCounted(approval, state, asked, grounds) ?? [])
  const twice = rights.size < counting.length ? ['a delegate and whose right it is count once'] : []
  const have = wanted === 1 ? 'nobody approved it' : `${rights.size} of ${wanted} approvals are there`
  return `${[have, ...why, ...twice].join('; ')} (policy "${asked.name}")`
}

/** The tests that a change failed. */
export function failedTests({ tests }: Pick<ChangeState, 'tests'>) {
  return (tests ?? []).filter(({ outcome }) => outcome === 'failed')
}

/**
 * Whether a person may take it on themselves that a test failed: what a server offers, answers, withstands and uses is theirs to weigh. That
 * its bytes are the right ones, that it starts, and that there is a way back are not.
 */
export function isWaivable(test: string): boolean {
  return /: (?:surface|golden calls|probes|controls|resources)$/.test(test)
}

/** Waived by an approval that counts, of somebody who showed that they were there and said why. */
function isWaived(test: string, state: ChangeState, grounds: ApprovalGrounds): boolean {
  const asked = { ...policyFor(state, grounds.policies), presence: true }
  const says = ({ waives, reason }: Approval) => waives?.includes(test) === true && (reason ?? '').trim() !== ''
  return (
    isWaivable(test) &&
    state.approvals.some(
      (one) => one.decision === 'approved' && says(one) && whyNotCounted(one, state, asked, grounds) === null,
    )
  )
}

/** Whose right an approval is given by. */
export function rightOf({ onBehalfOf, signer }: Pick<Approval, 'onBehalfOf' | 'signer'>): string {
  return onBehalfOf ?? signer.person
}

/** Why an approval does not count for a change; null when it does. */
function whyNotCounted(
  approval: Approval,
  state: ChangeState,
  asked: ApprovalPolicy,
  { people, now, delegations, showsPresence, isTrained }: ApprovalGrounds,
): string | null {
  const { person } = approval.signer
  const right = rightOf(approval)
  const agent = [person, right].find((one) => isAgent(people, one))
  if (agent !== undefined) return `${agent} is an agent, and decides nothing`
  if (approval.digest !== state.digest) return `what ${person} approved is not this plan`
  if (approval.until <= now) return `the approval of ${person} ended at ${approval.until}`
  const requester = [person, right].find((one) => one === state.requester.person)
  if (asked.separation && !isAlone(people) && requester !== undefined) return `${requester} asked for it`
  if (right !== person && !mayApproveFor(delegations, { from: right, to: person, at: now }))
    return `no delegation of ${right} to ${person} is in force`
  if (right !== person && !people.some(({ id }) => id === person)) return `${person} is not named in upkeep.yaml`
  if (!holdsRole(people, right, asked)) return `${right} does not hold the role ${asked.roles.join(' or ')}`
  const untrained = asked.training?.find((scope) => !isTrained(person, scope))
  if (untrained !== undefined)
    return `no training of ${person} in ${untrained} is in force (upkeep attest ${untrained})`
  return asked.presence && !showsPresence(approval) ? `that ${person} was there is not proven` : null
}

/** Whether somebody holds a role that a policy asks for. Where nobody is named everybody does. */
export function holdsRole(
  people: readonly Person[],
  person: string,
  { roles }: Pick<ApprovalPolicy, 'roles'>,
): boolean {
  const held = people.find(({ id }) => id === person)?.roles ?? []
  return people.length === 0 || held.includes('admin') || roles.some((role) => held.includes(role))
}

/** Whether a name stands for a program. */
export function isAgent(people: readonly Person[], person: string): boolean {
  return people.some(({ id, agent }) => id === person && agent === true)
}

/** With one person or none named there is nobody else to ask: said in every record, never passed off as met. */
export function isAlone(people: readonly Person[]): boolean {
  return people.filter(({ agent }) => agent !== true).length <= 1
}

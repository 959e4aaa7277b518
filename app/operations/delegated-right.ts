import { UserError } from '@upkeep/contract'
import { holdsRole, isAgent } from '@upkeep/domain/changes/approval-rule'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { Delegation } from '@upkeep/domain/changes/delegations'
import type { Store } from '@upkeep/engine/store/store'
import { type ApprovalRules, approvalRules, asksOf } from '../policies-in-force.ts'
import type { Context } from './context.ts'

/**
 * By whose right a person decides about a change where they hold no role of their own that counts; null where it is their own, or nobody ever
 * delegated one to them. A right that is handed on is not handed on further: whose it is has to hold the role by `upkeep.yaml`.
 *
 * @throws UserError `not-allowed` where what was delegated to them has ended, or would be the word of whoever asked for the change.
 */
export function rightFor(
  { people, signer, clock }: Context,
  state: ChangeState,
  rules: ApprovalRules,
): Delegation | null {
  const asks = asksOf(rules, state)
  if (asks.every((ask) => holdsRole(people, signer.person, ask))) return null
  const given = rules.delegations.filter(({ to }) => to === signer.person)
  if (given.length === 0) return null
  const now = clock.now()
  const inForce = given.filter(({ from, until }) => until > now && !isAgent(people, from))
  const apart = inForce.filter(({ from }) => from !== state.requester.person || asks.every((one) => !one.separation))
  const right = apart.find(({ from }) => asks.every((ask) => holdsRole(people, from, ask)))
  if (right !== undefined) return right
  throw new UserError(
    'not-allowed',
    `"${signer.person}" may not approve change ${state.id}: ${whyNot(given, inForce, apart, state)}.`,
    'Let somebody approve it who holds the role themselves.',
  )
}

function whyNot(
  given: readonly Delegation[],
  inForce: readonly Delegation[],
  apart: readonly Delegation[],
  { requester }: ChangeState,
): string {
  const last = given.toSorted((a, b) => b.until.localeCompare(a.until, 'en'))[0]
  if (inForce.length === 0) return `what ${last?.from} delegated ended at ${last?.until}`
  if (apart.length === 0) return `it would be by the right of ${requester.person}, who asked for it`
  return `${apart.map(({ from }) => from).join(', ')} does not hold the role that it takes`
}

/** Whether something was ever delegated to the person at the door: then each change says whether it counts. */
export async function hasDelegatedRight(context: Context, store: Store | null): Promise<boolean> {
  if (store === null) return false
  const { delegations } = await approvalRules(context, store)
  return delegations.some(({ to }) => to === context.signer.person)
}

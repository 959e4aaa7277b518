import type { ChangePlan } from '@upkeep/contract'
import { UserError } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { prepareChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { scheduleChange } from '@upkeep/engine/change/schedule-change'
import { askTrial } from './ask-trial.ts'
import { asItIsNow, askApproval, asTheOnlyMaker } from './change-flow.ts'
import type { Context } from './context.ts'
import { tellOfEnd } from './tell-of-change.ts'
import { tellTakenOn } from './tell-taken-on.ts'

/** One plan and one yes: whether it may be tried is asked, then the plan is stored, tried, shown, approved and made. */
export async function makePlan(
  context: Context,
  world: ChangeWorld,
  plan: ChangePlan,
  { reason, key, propose = false }: { reason?: string | undefined; key?: string | undefined; propose?: boolean },
): Promise<ChangeState> {
  await askTrial(context, await context.acts.prospects(plan, false))
  const state = await asTheOnlyMaker(
    context,
    world,
    async () =>
      (await openAlike(world, plan)) ??
      proposeChange(world, plan, { requester: context.signer, reason: reason ?? null }),
  )
  return propose ? prepareChange(world, state) : goOn(context, world, state, key)
}

/** The open change that writes the very same: it is gone on with, and not asked for twice. */
async function openAlike(world: ChangeWorld, plan: ChangePlan): Promise<ChangeState | null> {
  const states = await Promise.all((await world.store.changes.open()).map((id) => storedChange(world.store, id)))
  const same = ({ effects, closes, branch }: ChangePlan) =>
    // The name of a branch says what is on it; when it was made does not matter.
    canonicalJson(branch === undefined ? { effects, closes } : { ref: branch.ref, closes })
  return states.find((state) => state !== null && same(state.plan) === same(plan)) ?? null
}

/** Asks where nobody was asked yet, makes what may be made, and takes up what was interrupted. */
export async function goOn(
  context: Context,
  world: ChangeWorld,
  given: ChangeState,
  key: string | undefined,
): Promise<ChangeState> {
  if (given.phase === 'closed')
    throw new UserError('bad-input', `Change ${given.id} is closed: ${given.outcome}.`, 'See "upkeep changes".')
  let state = await prepareChange(world, given)
  if (state.phase === 'proposed' && state.approvals.length === 0)
    state = await tellTakenOn(context, world.store, await askApproval(context, world, state, key))
  state = await scheduleChange(world, state)
  // Approved and given a time ahead: it waits, and nothing is wrong.
  if (isAhead(state, context.clock.now())) return state
  const made = await asTheOnlyMaker(context, world, async (maker) =>
    makeChange(world, await asItIsNow(world, state), maker),
  )
  return tellOfEnd(context, world, made)
}

function isAhead({ phase, window }: ChangeState, now: string): boolean {
  return phase === 'proposed' && window !== null && window.from > now
}

import type { PlannedEffect } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { Signer } from '@upkeep/contract/person'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { Maker } from './apply-change.ts'
import type { ChangeWorld } from './change-world.ts'
import { undoEffect } from './effect-hands.ts'
import type { Undone } from './file-effect.ts'
import { recordStep } from './record-step.ts'

/** Begins to take a change back. What follows is `finishUndoing`. */
export async function undoChange(
  world: ChangeWorld,
  given: ChangeState,
  why: { why: string; signer: Signer | null },
  maker: Maker,
): Promise<ChangeState> {
  await world.assertSealed(given.steps)
  const state = await recordStep(world, given, { is: 'undoing', ...why }, maker.confirm)
  return finishUndoing(world, state, maker)
}

/**
 * Takes back every effect, from the last to the first, each recorded: to the very bytes of before, or, where somebody else wrote since, only
 * what the change itself had written. What cannot be taken back even so is left, and its record says why: nothing else waits for it, and
 * `undo` tries it again.
 */
export async function finishUndoing(world: ChangeWorld, given: ChangeState, maker: Maker): Promise<ChangeState> {
  let state = given
  for (const index of [...state.plan.effects.keys()].reverse()) {
    const effect = state.plan.effects[index]
    if (effect === undefined || state.undone.has(index)) continue
    const undone = await undoOrLeave(world, state, index, effect, async () => {
      state = await recordStep(world, state, { is: 'effect-begun', index, undoing: true }, maker.confirm)
    })
    state = await recordStep(world, state, { is: 'effect-undone', index, ...undone }, maker.confirm)
  }
  return state
}

/** What was kept of one file and is lost or altered is no reason to leave the others as they are. */
async function undoOrLeave(
  world: ChangeWorld,
  state: ChangeState,
  index: number,
  effect: PlannedEffect,
  begin: () => Promise<void>,
): Promise<Undone> {
  try {
    return await undoEffect(world, state, index, effect, begin)
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'evidence-invalid') throw error
    return { how: 'left', detail: `${error.message} ${error.action}`.slice(0, 1_000) }
  }
}

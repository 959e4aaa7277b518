import type { Signer } from '@upkeep/contract/person'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { Maker } from './apply-change.ts'
import type { ChangeWorld } from './change-world.ts'
import { undoEffect } from './effect-hands.ts'
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
 * what the change itself had written. What cannot be taken back even so is left, and its record says why.
 */
export async function finishUndoing(world: ChangeWorld, given: ChangeState, maker: Maker): Promise<ChangeState> {
  let state = given
  for (const index of [...state.plan.effects.keys()].reverse()) {
    const effect = state.plan.effects[index]
    if (effect === undefined || state.undone.has(index)) continue
    const undone = await undoEffect(world, state, index, effect, async () => {
      state = await recordStep(world, state, { is: 'effect-begun', index, undoing: true }, maker.confirm)
    })
    state = await recordStep(world, state, { is: 'effect-undone', index, ...undone }, maker.confirm)
  }
  return state
}

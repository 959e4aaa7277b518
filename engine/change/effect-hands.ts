import type { PlannedEffect } from '@upkeep/contract/change-plan'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from './change-world.ts'
import { type EffectOf, keptFile, type Made, makeFile, type Undone, undoFile } from './file-effect.ts'
import { isPackKept, makeRef, undoRef } from './ref-effect.ts'

/** Makes one effect, where what it is about is still as it was before. */
export async function makeEffect(world: ChangeWorld, of: EffectOf, effect: PlannedEffect): Promise<Made> {
  return effect.kind === 'git-ref' ? makeRef(world, of, effect) : makeFile(world, of, effect)
}

/** Takes one effect back. */
export async function undoEffect(
  world: ChangeWorld,
  state: ChangeState,
  index: number,
  effect: PlannedEffect,
): Promise<Undone> {
  if (effect.kind === 'git-ref') return undoRef(world, effect, state.done.has(index))
  return undoFile(world, state, index, effect)
}

/** Whether what is needed to take an effect back can be read again. Throws UserError `evidence-invalid` where it is not what was kept. */
export function isEffectKept(world: ChangeWorld, { change, index }: EffectOf, effect: PlannedEffect): boolean {
  if (effect.kind === 'git-ref') return isPackKept(world, { change, index })
  keptFile(world, change, `${index}-before`, effect.before)
  return true
}

import type { PlannedEffect } from '@upkeep/contract/change-plan'
import type { Refusal } from '@upkeep/contract/ports'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from './change-world.ts'
import { entryStands, keptEntry, makeEntry, undoEntry } from './entry-effect.ts'
import { type EffectOf, keptFile, type Made, makeFile, type Undone, undoFile } from './file-effect.ts'
import { fileNow, sameState, stateOf } from './file-state.ts'
import { isPackKept, makeRef, refStands, undoRef } from './ref-effect.ts'
import { keptSecret, makeSecret, secretStands, undoSecret } from './secret-effect.ts'

/** Makes one effect, where what it is about is still as it was before. `begin` is done before a call to somebody else's program goes out. */
export async function makeEffect(
  world: ChangeWorld,
  of: EffectOf,
  effect: PlannedEffect,
  begin: () => Promise<void>,
): Promise<Made> {
  if (effect.kind === 'gateway-entry') return makeEntry(world, of, effect, begin)
  if (effect.kind === 'stored-secret') return makeSecret(world, of, effect, begin)
  return effect.kind === 'git-ref' ? makeRef(world, of, effect) : makeFile(world, of, effect)
}

/** Takes one effect back. */
export async function undoEffect(
  world: ChangeWorld,
  state: ChangeState,
  index: number,
  effect: PlannedEffect,
  begin: () => Promise<void>,
): Promise<Undone> {
  if (effect.kind === 'gateway-entry') return undoEntry(world, state, index, effect, begin)
  if (effect.kind === 'stored-secret') return undoSecret(world, state, index, effect, begin)
  if (effect.kind === 'git-ref') return undoRef(world, effect, state.done.has(index))
  return undoFile(world, state, index, effect)
}

/** Whether what is needed to take an effect back can be read again. Throws UserError `evidence-invalid` where it is not what was kept. */
export function isEffectKept(world: ChangeWorld, of: EffectOf, effect: PlannedEffect): boolean {
  if (effect.kind === 'git-ref') return isPackKept(world, of)
  if (effect.kind === 'gateway-entry') keptEntry(world, of, 'before', effect.before)
  else if (effect.kind === 'stored-secret') keptSecret(world, of, effect.after)
  else keptFile(world, of.change, `${of.index}-before`, effect.before)
  return true
}

/** Whether an effect stands, or is taken back; or why that is not known. */
export async function effectStands(
  world: Pick<ChangeWorld, 'ports'>,
  effect: PlannedEffect,
  as: 'before' | 'after',
): Promise<boolean | Refusal> {
  if (effect.kind === 'gateway-entry') return entryStands(world, effect, effect[as])
  if (effect.kind === 'stored-secret') return secretStands(world, effect, effect[as])
  if (effect.kind === 'git-ref') return refStands(effect, as === 'before')
  const now = fileNow(effect.path)
  return now.state === 'unavailable' ? now : sameState(stateOf(now), effect[as])
}

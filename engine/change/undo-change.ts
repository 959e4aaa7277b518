import { dirname, join } from 'node:path'
import type { PlannedEffect } from '@upkeep/contract/change-plan'
import type { Signer } from '@upkeep/contract/person'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { keptFile, type Maker } from './apply-change.ts'
import type { ChangeWorld } from './change-world.ts'
import { type FileNow, fileNow, sameState, stateOf } from './file-state.ts'
import { recordStep } from './record-step.ts'
import { draftName, type FileTo, removeDraft, writeFile } from './write-file.ts'

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
    const undone = undoEffect(world, state, index, effect)
    state = await recordStep(world, state, { is: 'effect-undone', index, ...undone }, maker.confirm)
  }
  return state
}

type Undone = { how: 'identical' | 'ours-only' | 'never-done' | 'left'; detail: string }

function undoEffect(world: ChangeWorld, state: ChangeState, index: number, effect: PlannedEffect): Undone {
  const change = state.id
  const draft = draftName(effect.path, change, index)
  removeDraft(join(dirname(effect.path), draft))
  const now = fileNow(effect.path)
  if (now.state === 'unavailable') return left(now.reason)
  if (sameState(stateOf(now), effect.before)) return { how: 'never-done', detail: 'it is as it was before' }
  const stands = sameState(stateOf(now), effect.after)
  if (!stands && !state.done.has(index)) return { how: 'never-done', detail: 'it was not made' }
  const before = keptFile(world, change, `${index}-before`, effect.before)
  if (stands) return put(world, effect.path, now, before, draft, 'identical')
  const ours = oursOnly(world, change, index, effect, now, before)
  if ('how' in ours) return ours
  const undone = put(world, effect.path, now, ours.to, draft, 'ours-only')
  if (undone.how === 'left' || ours.left.length === 0) return undone
  return left(`taken back but for ${ours.left.slice(0, 5).join(', ')}, which somebody changed since`)
}

function put(
  world: ChangeWorld,
  path: string,
  from: FileNow,
  to: FileTo,
  draft: string,
  how: 'identical' | 'ours-only',
): Undone {
  const written = writeFile({ path, from, to, draft, between: world.between })
  if (written.state === 'written') {
    const detail = how === 'identical' ? 'the very same bytes' : 'what others wrote since was kept'
    return { how, detail }
  }
  return left(written.state === 'unavailable' ? written.reason : 'somebody else wrote it at the same moment')
}

/** Somebody else wrote in the file since: their part stays. */
function oursOnly(
  world: ChangeWorld,
  change: string,
  index: number,
  effect: PlannedEffect,
  now: FileNow,
  before: FileTo,
): { to: FileTo; left: readonly string[] } | Undone {
  if (now.state === 'absent') return left('somebody removed it since')
  if (before.state === 'absent') return left('somebody changed it since, and it was not there before')
  const ours = keptFile(world, change, `${index}-after`, effect.after)
  if (ours.state === 'absent') return left('somebody made it anew since it was removed')
  const mode = now.mode === ours.mode ? before.mode : now.mode
  if (Buffer.compare(now.bytes, ours.bytes) === 0) return { to: { state: 'file', bytes: before.bytes, mode }, left: [] }
  const texts = [before.bytes, ours.bytes, now.bytes].map(textOf)
  const [was, made, is] = texts
  if (typeof was !== 'string' || typeof made !== 'string' || typeof is !== 'string')
    return left('somebody changed it since, and it is not text')
  const reverted = world.revert({ path: effect.path, before: was, after: made, now: is })
  if (reverted.state === 'refused') return left(reverted.reason)
  return { to: { state: 'file', bytes: Buffer.from(reverted.text, 'utf8'), mode }, left: reverted.left }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function left(detail: string): Undone {
  return { how: 'left', detail }
}

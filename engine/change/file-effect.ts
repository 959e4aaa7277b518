import { dirname, join } from 'node:path'
import type { FileEffectPlanned } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from './change-world.ts'
import { type FileNow, fileNow, sameState, stateOf } from './file-state.ts'
import { stateAfter } from './plan-effects.ts'
import { draftName, type FileTo, removeDraft, writeFile } from './write-file.ts'

/** Which effect of which change. */
export interface EffectOf {
  change: string
  index: number
}

/** What came of one effect. `untouched`: it was refused before anything was written. */
export type Made = { state: 'made'; already: boolean } | { state: 'refused'; reason: string; untouched?: true }

/** Writes the file, where it is still as it was before. */
export function makeFile(world: ChangeWorld, { change, index }: EffectOf, effect: FileEffectPlanned): Made {
  const draft = draftName(effect.path, change, index)
  removeDraft(join(dirname(effect.path), draft))
  const now = fileNow(effect.path)
  if (now.state === 'unavailable') return { state: 'refused', reason: now.reason, untouched: true }
  if (sameState(stateOf(now), effect.after)) return { state: 'made', already: true }
  if (!sameState(stateOf(now), effect.before)) return { state: 'refused', reason: 'somebody else wrote it meanwhile' }
  const to = keptFile(world, change, `${index}-after`, effect.after)
  const written = writeFile({ path: effect.path, from: now, to, draft, between: world.between })
  if (written.state === 'written') return { state: 'made', already: false }
  const reason = written.state === 'unavailable' ? written.reason : 'somebody else wrote it at the same moment'
  return { state: 'refused', reason }
}

/** What came of taking one effect back. */
export type Undone = { how: 'identical' | 'ours-only' | 'never-done' | 'left'; detail: string }

/** Puts the file back: to the very bytes of before, or without what the change had written. */
export function undoFile(world: ChangeWorld, state: ChangeState, index: number, effect: FileEffectPlanned): Undone {
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
  effect: FileEffectPlanned,
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

/** Bytes that were kept, held against what the plan says of them. */
export function keptFile(
  world: Pick<ChangeWorld, 'kept'>,
  change: string,
  name: string,
  state: FileEffectPlanned['after'],
): FileTo {
  if (state.state === 'absent') return { state: 'absent' }
  const bytes = world.kept.read(change, name)
  const to: FileTo = { state: 'file', bytes: bytes ?? new Uint8Array(), mode: Number.parseInt(state.mode, 8) }
  if (bytes !== null && sameState(stateAfter(to), state)) return to
  throw new UserError(
    'evidence-invalid',
    `What was kept of change ${change} is gone, or is not what its plan says.`,
    'Restore the folder undo/ of the state and undo again, or put the file back by hand.',
  )
}

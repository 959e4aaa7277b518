import type { ChangePlan, RefEffectPlanned, RefState } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { ChangeWorld } from './change-world.ts'
import type { EffectOf, Made, Undone } from './file-effect.ts'
import { fileNow, sameState, stateOf } from './file-state.ts'
import { unpack } from './git-commit.ts'
import { checkedOutIn, isCheckedOutWith, moveRef, refNow } from './git-repository.ts'
import { type Hands, workOutFiles } from './plan-effects.ts'

/** In the log of the ref it says who moved it; the commit bears its author. */
const mover = { name: 'upkeep', email: 'upkeep@localhost' }

/** Taking a branch back needs nothing that was kept; making it needs its objects. */
export function isPackKept({ kept }: Pick<ChangeWorld, 'kept'>, { change, index }: EffectOf): boolean {
  return kept.read(change, `${index}-after`) !== null
}

/** Makes a branch: its objects from what was kept, then its name, only while that is what it was when it was planned. */
export async function makeRef(
  world: Pick<ChangeWorld, 'kept' | 'between'>,
  { change, index }: EffectOf,
  effect: RefEffectPlanned,
): Promise<Made> {
  const { top, ref, before, after } = effect
  const now = await refNow({ at: top }, ref)
  if (now.state === 'unavailable') return { state: 'refused', reason: now.reason }
  if (sameRef(now, after)) return { state: 'made', already: true }
  if (!sameRef(now, before)) return { state: 'refused', reason: 'somebody else made a branch of that name meanwhile' }
  const pack = world.kept.read(change, `${index}-after`)
  if (pack === null || after.state !== 'commit') return { state: 'refused', reason: 'what was kept of it is gone' }
  world.between?.('unpack objects')
  const missing = await unpack({ top }, { commit: after.commit, pack })
  if (missing !== null) return { state: 'refused', reason: missing }
  world.between?.('move ref')
  const why = `upkeep: change ${change}`
  const failed = await moveRef({ at: top }, ref, { from: before, to: after, author: mover, why })
  if (failed === null) return { state: 'made', already: false }
  return { state: 'refused', reason: failed }
}

/**
 * Takes a branch back, only while it is where the change put it. What was merged meanwhile, what others added to the branch, and a branch
 * that is checked out are left: none of it is the change's own any more.
 */
export async function undoRef(
  world: Pick<ChangeWorld, 'between'>,
  effect: RefEffectPlanned,
  done: boolean,
): Promise<Undone> {
  const { top, ref, before, after } = effect
  const now = await refNow({ at: top }, ref)
  if (now.state === 'unavailable') return left(now.reason)
  if (done && (await isMerged(effect)))
    return left('it was merged: what stands in the files is taken back with "git revert"')
  if (sameRef(now, before)) return { how: 'never-done', detail: 'there is no such branch' }
  if (!sameRef(now, after))
    return done ? left('somebody added to the branch since') : { how: 'never-done', detail: 'it was not made' }
  const where = await checkedOutIn({ top }, ref)
  if (where !== null) return left(`it is checked out in ${where}: switch to another branch there, then undo again`)
  world.between?.('move ref')
  const failed = await moveRef({ at: top }, ref, {
    from: after,
    to: before,
    author: mover,
    why: 'upkeep: undo',
  })
  return failed === null ? { how: 'identical', detail: 'the branch is gone' } : left(failed)
}

/** Whether a branch was merged: what is checked out holds its commit, or every file of it is there as it made it. */
async function isMerged({ top, after, files }: RefEffectPlanned): Promise<boolean> {
  return (after.state === 'commit' && (await isCheckedOutWith({ top }, after.commit))) || filesHold({ files })
}

function filesHold({ files }: Pick<RefEffectPlanned, 'files'>): boolean {
  return files.every((file) => {
    const now = fileNow(file.path)
    if (now.state === 'unavailable') return false
    const { state } = file.after
    // Of its mode git keeps one bit.
    return state === 'absent' ? now.state === 'absent' : sameContent(stateOf(now), file.after)
  })
}

function sameContent(one: RefEffectPlanned['files'][number]['after'], other: typeof one): boolean {
  return one.state === 'file' && other.state === 'file' && sameState({ ...one, mode: other.mode }, other)
}

export function sameRef(one: RefState, other: RefState): boolean {
  if (one.state === 'absent' || other.state === 'absent') return one.state === other.state
  return one.commit === other.commit
}

function left(detail: string): Undone {
  return { how: 'left', detail: detail.slice(0, 1_000) }
}

/**
 * What stands between a branch and the files that it is about; empty where every file is as the change wants it, in whichever way it came
 * there. A file that others edited as well counts by what the change would still do to it.
 */
export async function branchPending(plan: ChangePlan, change: string, hands: Hands): Promise<string[]> {
  const refs = plan.effects.filter((effect) => effect.kind === 'git-ref')
  const lines: string[] = []
  for (const effect of refs) {
    const open = filesHold(effect) ? [] : await stillToDo(plan, effect, hands)
    if (open.length === 0) continue
    const name = effect.ref.replace('refs/heads/', '')
    const now = await refNow({ at: effect.top }, effect.ref)
    const what = open.join(', ')
    lines.push(
      now.state === 'absent'
        ? `branch ${name} of ${effect.top} is gone, and ${what} is without it: "upkeep undo ${change}" closes the change`
        : `branch ${name} of ${effect.top} is not merged: ${what} is as it was`,
    )
  }
  return lines.map((line) => line.slice(0, 1_000))
}

async function stillToDo({ inputs }: ChangePlan, { files }: RefEffectPlanned, hands: Hands): Promise<string[]> {
  const paths = files.map(({ path }) => path)
  try {
    const left = await workOutFiles(inputs, hands)
    return paths.filter((path) => left.files.some((one) => one.path === path))
  } catch (error) {
    // The entry is no longer there, or no longer what it was: then nobody can say that the branch is in force.
    if (error instanceof UserError) return paths
    throw error
  }
}

/** Whether a branch is as it was left, or as it was before where it was taken back. */
export async function refStands(effect: RefEffectPlanned, undone: boolean): Promise<boolean> {
  const now = await refNow({ at: effect.top }, effect.ref)
  if (now.state === 'unavailable') return false
  return sameRef(now, undone ? effect.before : effect.after) || (!undone && (await isMerged(effect)))
}

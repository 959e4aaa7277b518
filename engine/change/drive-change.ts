import { UserError } from '@upkeep/contract/errors'
import type { Signer } from '@upkeep/contract/person'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { applyChange, finishApplying, type Maker } from './apply-change.ts'
import type { ChangeWorld } from './change-world.ts'
import { recordStep } from './record-step.ts'
import { finishUndoing, undoChange } from './undo-change.ts'

/**
 * Makes a change, looks at the world again, and closes it: done where every effect stands, taken back where one could not be made. Called on
 * a change that stopped anywhere after its approval it goes on from there.
 */
export async function makeChange(world: ChangeWorld, given: ChangeState, maker: Maker): Promise<ChangeState> {
  // Whatever it goes on from: a step that somebody wrote into the store is no ground to write a file.
  await world.assertSealed(given.steps)
  let state = given
  if (state.phase === 'proposed') {
    world.progress(`Making the change: ${state.plan.title}`)
    state = await applyChange(world, state, maker)
  } else if (state.phase === 'applying') state = await finishApplying(world, state, maker, true)
  if (state.phase === 'undoing') state = await finishUndoing(world, state, maker)
  if (state.phase === 'applied') return closeApplied(world, state, maker)
  return state.phase === 'undone' ? closeUndone(world, state, maker) : state
}

/** Takes a change back that was made, and closes it. */
export async function takeBack(
  world: ChangeWorld,
  given: ChangeState,
  why: { why: string; signer: Signer | null },
  maker: Maker,
): Promise<ChangeState> {
  if (given.done.size === 0)
    throw new UserError(
      'bad-input',
      `Change ${given.id} stands nowhere: there is nothing to take back.`,
      'See "upkeep changes".',
    )
  const state = await undoChange(world, given, why, maker)
  return state.phase === 'undone' ? closeUndone(world, state, maker) : state
}

/** Gives up a change that was never begun. */
export async function abandonChange(
  world: ChangeWorld,
  state: ChangeState,
  why: string,
  signer: Signer,
): Promise<ChangeState> {
  if (state.phase !== 'proposed')
    throw new UserError(
      'bad-input',
      `Change ${state.id} was begun: it is ${state.phase}.`,
      `Take it back with "upkeep undo ${state.id}".`,
    )
  return recordStep(world, state, { is: 'closed', outcome: 'abandoned', detail: why, signer })
}

async function closeApplied(world: ChangeWorld, given: ChangeState, maker: Maker): Promise<ChangeState> {
  const observed = await observe(world, given, maker)
  const { sighting } = observed
  if (sighting?.abort !== undefined) return takeBack(world, observed, { why: sighting.abort, signer: null }, maker)
  return closeSeen(world, observed, maker)
}

/** Whether a change was made and only waits for processes of before to end. */
export function isPending({ phase, sighting }: ChangeState): boolean {
  return phase === 'applied' && sighting !== null && sighting.abort === undefined && sighting.pending.length > 0
}

/**
 * Closes a change that waited for processes of before, once they are seen to be gone; what a scan does. As long as one runs, or could not be
 * looked for, nothing is recorded.
 */
export async function closePending(world: ChangeWorld, given: ChangeState, maker: Maker): Promise<ChangeState> {
  if (!isPending(given)) return given
  await world.assertSealed(given.steps)
  const sighting = await world.glance(given)
  if (sighting === null || sighting.pending.length > 0) return given
  const observed = await recordStep(world, given, { is: 'observed', sighting }, maker.confirm)
  return closeSeen(world, observed, maker)
}

async function closeSeen(world: ChangeWorld, observed: ChangeState, maker: Maker): Promise<ChangeState> {
  const { sighting } = observed
  if (sighting === null || sighting.pending.length > 0) return observed
  const left = sighting.findings.filter(({ state }) => state !== 'resolved').length
  const open = left === 0 ? [] : [`${left} of ${sighting.findings.length} findings are not closed by it`]
  const over = sighting.holds ? [] : ['a file of it is no longer as it was left']
  const missed = [...over, ...open]
  const seen = sighting.seen ?? []
  const stands = missed.length === 0 ? 'seen to be in force' : `made; ${missed.join('; ')}`
  const detail = [stands, ...seen].join('; ').slice(0, 2_000)
  return recordStep(world, observed, { is: 'closed', outcome: 'done', detail, signer: null }, maker.confirm)
}

async function closeUndone(world: ChangeWorld, given: ChangeState, maker: Maker): Promise<ChangeState> {
  const observed = await observe(world, given, maker)
  const outcome = given.left.size === 0 ? 'rolled-back' : 'rolled-back-in-part'
  const detail = [given.undoing?.why ?? '', ...reopened(observed)].join('; ').slice(0, 2_000)
  return recordStep(world, observed, { is: 'closed', outcome, detail, signer: null }, maker.confirm)
}

/** Back on the version of before, what was wrong with it is wrong again: to live with it takes a decision with a last day. */
function reopened({ sighting }: ChangeState): string[] {
  const open = (sighting?.findings ?? []).filter(({ state }) => state === 'open').map(({ fingerprint }) => fingerprint)
  const [first] = open
  if (first === undefined) return []
  const count = open.length === 1 ? 'one finding is' : `${open.length} findings are`
  return [
    `${count} open again: accept each until a day with "upkeep accept ${first.slice(0, 12)} --until", or go forward`,
  ]
}

async function observe(world: ChangeWorld, state: ChangeState, maker: Maker): Promise<ChangeState> {
  world.progress('Looking again')
  return recordStep(world, state, { is: 'observed', sighting: await world.observe(state) }, maker.confirm)
}

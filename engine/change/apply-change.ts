import type { PlannedEffect } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld, Precondition } from './change-world.ts'
import { isEffectKept, makeEffect } from './effect-hands.ts'
import { workOut } from './plan-branch.ts'
import { planDigest } from './propose-change.ts'
import { recordStep } from './record-step.ts'

/** Who makes the change, and the proof that it is alone. */
export interface Maker {
  readonly holder: string
  confirm(tx: ChangeWorld['store']): Promise<void>
}

/**
 * Makes a change that the gate let through. Everything is checked again here, so that no door can go round it: that the approvals are
 * about this very plan, that every file is still what the plan was made from; `makeChange` saw that the records are the sealed ones. Throws
 * before the first write, or goes on to the end; what stops in between is taken up by `makeChange`.
 */
export async function applyChange(world: ChangeWorld, given: ChangeState, maker: Maker): Promise<ChangeState> {
  await assertMayApply(world, given)
  const { keeps } = await workOutAgain(world, given)
  for (const { name, bytes } of keeps) world.kept.keep(given.id, name, bytes)
  const going = await goOrNot(world, given, maker)
  const state = await recordStep(world, going, { is: 'applying', holder: maker.holder }, maker.confirm)
  return finishApplying(world, state, maker, false)
}

/** Looks whether what has to be there is there, and records it either way. Throws where something is missing. */
async function goOrNot(world: ChangeWorld, given: ChangeState, maker: Maker): Promise<ChangeState> {
  const { checks: others, until, asked } = await world.contingency(given)
  const checks = [wayBack(world, given), ...others]
  const missing = checks.filter((check) => check.state === 'missing')
  const go = missing.length === 0
  const decided = { go, checks, until, asked: [...asked] }
  const state = await recordStep(world, given, { is: 'go-no-go', ...decided }, maker.confirm)
  if (go) return state
  throw notApproved(state, `no-go: ${missing.map(({ name, detail }) => `${name} (${detail})`).join('; ')}`)
}

/** The bytes of before are read back and held against the plan: kept is only what can be read again. */
function wayBack(world: ChangeWorld, { id, plan }: ChangeState): Precondition {
  const name = 'all that is there can be put back as it is'
  const lost = plan.effects.find((effect, index) => !isKept(world, id, index, effect))
  if (lost === undefined) return { name, state: 'met', detail: `${plan.effects.length} kept and read again` }
  return { name, state: 'missing', detail: `what was kept of ${lost.path} cannot be read again`.slice(0, 1_000) }
}

function isKept(world: ChangeWorld, change: string, index: number, effect: PlannedEffect): boolean {
  try {
    return isEffectKept(world, { change, index }, effect)
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

async function assertMayApply(world: ChangeWorld, state: ChangeState): Promise<void> {
  if (planDigest(state.plan) !== state.digest) throw notApproved(state, 'its plan is not the one that was proposed')
  if (state.phase !== 'proposed') throw notApproved(state, `it is ${state.phase} already`)
  const held = await world.heldBy(state)
  if (held !== null) throw notApproved(state, held)
}

function notApproved({ id }: ChangeState, why: string): UserError {
  return new UserError('not-approved', `Change ${id} is not made: ${why}.`, `See "upkeep changes ${id}".`)
}

/** The plan once more from the files as they are now: it must come out the same, to the digest. */
async function workOutAgain(world: ChangeWorld, { id, plan }: ChangeState) {
  const again = await workOut(plan, world)
  const same =
    again.effects.length === plan.effects.length &&
    plan.effects.every((effect, index) => isSameEffect(effect, again.effects[index]))
  if (same) return again
  const differing = plan.effects.find((effect, index) => !isSameEffect(effect, again.effects[index]))
  throw new UserError(
    'change-outdated',
    `${differing?.path ?? 'What is there'} is no longer what change ${id} was made from. Nothing was written.`,
    `Plan it again: give it up with "upkeep changes --abandon ${id}", then "upkeep fix".`,
  )
}

function isSameEffect(one: PlannedEffect, other: PlannedEffect | undefined): boolean {
  return (
    other !== undefined &&
    one.kind === other.kind &&
    one.path === other.path &&
    canonicalJson([one.before, one.after]) === canonicalJson([other.before, other.after])
  )
}

/**
 * Makes the effects that are not made yet, one after the other, each recorded. A file that is neither old nor new ends it: all is taken back.
 * `stopped`: it goes on after it stopped somewhere, so that the first of them may stand without a record.
 */
export async function finishApplying(
  world: ChangeWorld,
  given: ChangeState,
  maker: Maker,
  stopped: boolean,
): Promise<ChangeState> {
  let state = given
  let mayStand = stopped
  for (const [index, effect] of state.plan.effects.entries()) {
    if (state.done.has(index)) continue
    const until = state.decision?.until ?? null
    if (until !== null && world.clock.now() > until) {
      const why = `its time was over at ${until} with ${state.done.size} of ${state.plan.effects.length} effects made`
      return recordStep(world, state, { is: 'undoing', why, signer: null }, maker.confirm)
    }
    const made = await makeEffect(world, { change: state.id, index }, effect, async () => {
      state = await recordStep(world, state, { is: 'effect-begun', index, undoing: false }, maker.confirm)
    })
    if (made.state === 'refused') {
      const why = `${effect.path}: ${made.reason}`
      state = await recordStep(world, state, { is: 'undoing', why, signer: null }, maker.confirm)
      if (made.untouched !== true || mayStand) return state
      const never = { is: 'effect-undone' as const, index, how: 'never-done' as const, detail: 'it was not made' }
      return recordStep(world, state, never, maker.confirm)
    }
    mayStand = false
    state = await recordStep(world, state, { is: 'effect-done', index, already: made.already }, maker.confirm)
  }
  return recordStep(world, state, { is: 'applied' }, maker.confirm)
}

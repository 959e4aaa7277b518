import type { ChangePlan } from '@upkeep/contract'
import { UserError } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange, makeChange } from '@upkeep/engine/change/drive-change'
import { prepareChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { scheduleChange } from '@upkeep/engine/change/schedule-change'
import { askTrial, namesOfRunnable } from './ask-trial.ts'
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
  const prospects = await context.acts.prospects(plan, false)
  await askTrial(context, prospects)
  const runs = await namesOfRunnable(context, prospects)
  const state = await asTheOnlyMaker(context, world, async () => {
    const open = await openAlike(world, plan)
    if (open !== null && !isOvertaken(open, plan, runs)) return open
    if (open !== null) await abandonChange(world, open, overtaken, context.signer)
    return proposeChange(world, plan, { requester: context.signer, reason: reason ?? open?.reason ?? null })
  })
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

const overtaken = 'asked for again when more of it was known: see the newer one'

/** Whether more is known by now than when it was assessed and tested: its bytes were fetched since, or what was not run may be run. */
function isOvertaken(open: ChangeState, plan: ChangePlan, runs: ReadonlySet<string>): boolean {
  if (open.phase !== 'proposed' || open.approvals.length > 0 || open.emergency !== null) return false
  const bytes = ({ inputs }: ChangePlan) =>
    inputs.flatMap((input) => ('integrity' in input && input.integrity !== undefined ? [input.integrity] : []))
  const known = new Set(bytes(open.plan))
  const notRun = (open.tests ?? []).filter(({ outcome }) => outcome === 'not-run').map(({ name }) => name)
  return bytes(plan).some((one) => !known.has(one)) || [...runs].some((server) => notRun.includes(`${server}: starts`))
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

import { UserError } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { type ChangeState, changeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange, isPending, makeChange } from '@upkeep/engine/change/drive-change'
import { planChange, prepareChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { type DesiredNow, desiredNow, pulledNow } from '../desired-state/desired-now.ts'
import type { Violation } from '../desired-state/violations.ts'
import { asTheOnlyMaker } from './change-flow.ts'
import type { Context } from './context.ts'
import { tellOfEnd } from './tell-of-change.ts'

/** What came of one server that is not as it shall be. */
export interface Enforced extends Omit<Violation, 'inputs' | 'seen'> {
  done: 'said' | 'proposed' | 'waits' | 'set-back' | 'failed'
  change: string | null
  why: string | null
}

/** Sets back what may be set back, proposes what is to be proposed, says the rest. Null where there is no lock. */
export async function enforceNow(
  context: Context,
  { plan, pulled }: { plan: boolean; pulled?: { key: string; from: string } },
): Promise<{ now: DesiredNow; done: Enforced[] } | null> {
  const store = await context.store()
  if (!plan) await goOnWithBegun(context)
  const hands = { ...context, look: context.acts.look }
  const now =
    pulled === undefined ? await desiredNow(hands, store) : await pulledNow(hands, store, pulled.key, pulled.from)
  if (now === null) return null
  const done: Enforced[] = []
  for (const violation of now.violations) done.push(await answer(context, now, violation, plan))
  return { now, done }
}

/**
 * Ends what an enforcement of before had begun when it was stopped, such as by a loss of power: its files may be as they shall be, and nobody
 * else would close it.
 */
async function goOnWithBegun(context: Context): Promise<void> {
  const store = await context.store()
  const isBegun = (state: ChangeState | null) =>
    state?.plan.class === 'standard' &&
    state.plan.title.startsWith(titleHead) &&
    !['proposed', 'closed'].includes(state.phase) &&
    !isPending(state)
  for (const id of await store.changes.open()) {
    if (!isBegun(await storedChange(store, id))) continue
    const world = await context.acts.changes()
    await asTheOnlyMaker(context, world, async (maker) => {
      // Whoever had the lease before may have ended it.
      const state = await storedChange(store, id)
      if (state !== null && isBegun(state)) await makeChange(world, state, maker)
    })
  }
}

async function answer(context: Context, { force }: DesiredNow, violation: Violation, plan: boolean): Promise<Enforced> {
  const { inputs, seen: _, ...rest } = violation
  const enforced = violation.mode === 'enforce' && force.state === 'in-force'
  const notInForce = violation.mode === 'enforce' && force.state === 'not' ? force.why : null
  if (violation.mode === 'observe' || inputs.length === 0 || plan)
    return { ...rest, done: 'said', change: null, why: notInForce }
  try {
    const world = await context.acts.changes()
    const made = await asTheOnlyMaker(context, world, (maker) => changed(context, violation, enforced, maker))
    const state = enforced ? await tellOfEnd(context, world, made) : made
    return { ...rest, done: doneBy(state), change: state.id, why: state.undoing?.why ?? notInForce }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...rest, done: 'failed', change: null, why: error.message }
  }
}

function doneBy({ outcome, phase }: ChangeState): Enforced['done'] {
  if (outcome === 'done' || phase === 'applied') return 'set-back'
  return phase === 'proposed' ? 'proposed' : 'failed'
}

type Maker = Parameters<Parameters<typeof asTheOnlyMaker>[2]>[0]

/** One change per server, so that one that cannot be made keeps no other from being made. */
async function changed(context: Context, violation: Violation, enforced: boolean, maker: Maker): Promise<ChangeState> {
  const world = await context.acts.changes()
  const wanted = enforced ? 'standard' : 'normal'
  if (enforced) await refuseAgain(world, violation)
  const waiting = await sameOpen(world, violation, wanted)
  // One of before may have been stopped before it was assessed and tested.
  const state =
    waiting === null ? await proposed(context, world, violation, wanted) : await prepareChange(world, waiting)
  if (!enforced) return state
  const held = await world.heldBy(state)
  if (held === null) return makeChange(world, state, maker)
  throw new UserError('not-approved', `Change ${state.id} waits: ${held}.`, 'See "upkeep changes".')
}

const againAfterMs = 3_600_000

/**
 * What could not be written a moment ago is not tried each minute: every try is a change of its own in the ledger. One that a person took back
 * is no such try.
 *
 * @throws UserError `change-impossible` with when it failed, and how.
 */
async function refuseAgain(world: ChangeWorld, { inputs }: Violation): Promise<void> {
  const since = Date.parse(world.clock.now()) - againAfterMs
  for (const id of await world.store.changes.list({ limit: 50 })) {
    const state = changeState(await world.store.changes.steps(id))
    if (state === null || state.phase !== 'closed' || Date.parse(state.lastAt) < since) continue
    const failed = state.undoing !== null && state.undoing.signer === null
    if (!failed || canonicalJson(state.plan.inputs) !== canonicalJson(inputs)) continue
    throw new UserError(
      'change-impossible',
      `Change ${id} could not be made: ${state.undoing?.why}. It is tried again an hour later.`,
      'Put right what stands in the way, or the entry by hand.',
    )
  }
}

/** A proposal of before that still says the same. One that does not fit what is there any more is given up. */
async function sameOpen(
  world: ChangeWorld,
  { inputs, path, server }: Violation,
  wanted: 'standard' | 'normal',
): Promise<ChangeState | null> {
  for (const id of await world.store.changes.open()) {
    const state = changeState(await world.store.changes.steps(id))
    if (state === null || state.phase !== 'proposed' || !state.plan.title.startsWith(titleHead)) continue
    const isSame = state.plan.class === wanted && canonicalJson(state.plan.inputs) === canonicalJson(inputs)
    if (isSame) return state
    const isOfServer = state.plan.inputs.some((one) => one.path === path && 'server' in one && one.server === server)
    if (isOfServer)
      await abandonChange(world, state, 'what is there is another than when it was proposed', state.requester)
  }
  return null
}

const titleHead = 'as upkeep.lock says: '

async function proposed(
  context: Context,
  world: ChangeWorld,
  { inputs, server, client, what, seen }: Violation,
  wanted: 'standard' | 'normal',
): Promise<ChangeState> {
  const title = `${titleHead}${server} of ${client}`.slice(0, 300)
  const plan = await planChange(world, { inputs, title, class: wanted, closes: [] })
  if (plan === null)
    throw new UserError('change-impossible', `${server}: no change of ours makes it so.`, 'Put it right by hand.')
  const store = await context.store()
  const evidence = seen === null ? null : await store.objects.put(canonicalJson(seen))
  const reason = [...what, ...(evidence === null ? [] : [`as it was seen: object ${evidence}`])].join('; ')
  return proposeChange(world, plan, { requester: context.signer, reason: reason.slice(0, 2_000) })
}

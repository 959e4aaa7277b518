import { UserError } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { hasMissedItsTime, isDueNow, waitsForItsTime } from '@upkeep/domain/changes/due-now'
import { stampOf } from '@upkeep/domain/distance'
import type { Maker } from '@upkeep/engine/change/apply-change'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { scheduleChange } from '@upkeep/engine/change/schedule-change'
import { asTheOnlyMaker } from './change-flow.ts'
import type { Context } from './context.ts'
import { tellOfChange, tellOfEnd } from './tell-of-change.ts'
import { onceTold } from './told-once.ts'

/** What came of a change whose time had come. */
export interface ScheduledChange {
  change: string
  title: string
  outcome: 'made' | 'taken-back' | 'not-made' | 'given-another-time'
  detail: string
}

/**
 * Makes the approved changes whose time has come, one after the other, and gives those another time whose time ahead is none any more by the calendar. Each is held against the gate as at any door; what the gate holds is said
 * and told once in its time, and the others are made. One that another worker makes meanwhile is left to it.
 */
export async function makeScheduled(context: Context): Promise<ScheduledChange[]> {
  const store = await context.existingStore()
  if (store === null) return []
  const open = await Promise.all((await store.changes.open()).map((id) => storedChange(store, id)))
  const now = context.clock.now()
  const moved = (one: ChangeState) => isDueNow(one, now) || hasMissedItsTime(one, now) || waitsForItsTime(one, now)
  const waiting = open.filter((one) => one !== null && moved(one))
  if (waiting.length === 0) return []
  const world = await context.acts.changes()
  const made: ScheduledChange[] = []
  for (const state of waiting) {
    if (state === null || context.signal.aborted) continue
    if (waitsForItsTime(state, now) && (await world.keepsItsTime(state))) continue
    const one = await madeInItsTime(context, world, state)
    if (one !== null) made.push(one)
  }
  return made
}

async function madeInItsTime(
  context: Context,
  world: ChangeWorld,
  found: ChangeState,
): Promise<ScheduledChange | null> {
  const what = { change: found.id, title: found.plan.title }
  try {
    const state = await asTheOnlyMaker(context, world, (maker) => movedOn(context, world, found.id, maker))
    if (state === null || (waitsForItsTime(found, context.clock.now()) && !isMoved(found, state))) return null
    if (state.phase === 'proposed') return { ...what, ...anotherTime(found, state, context.clock.now()) }
    const ended = await tellOfEnd(context, world, state)
    const outcome = ended.outcome === 'done' || ended.phase === 'applied' ? 'made' : 'taken-back'
    return { ...what, outcome, detail: ended.closing ?? (ended.sighting?.pending ?? []).join('; ') }
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'state-busy') throw error
    if (!(await onceTold(context, `not-made ${found.id} ${found.window?.from ?? ''}`))) return null
    await tellOfChange(context, world, found, 'change-not-made', { details: [error.message] })
    return { ...what, outcome: 'not-made', detail: error.message }
  }
}

/** The change as it is once this process alone has moved it on; null where another did meanwhile. Whoever held the lease may have made it. */
async function movedOn(
  { clock }: Context,
  world: ChangeWorld,
  change: string,
  maker: Maker,
): Promise<ChangeState | null> {
  const stored = await storedChange(world.store, change)
  const now = clock.now()
  if (stored === null) return null
  if (hasMissedItsTime(stored, now) || waitsForItsTime(stored, now)) return scheduleChange(world, stored)
  return isDueNow(stored, now) ? makeChange(world, stored, maker) : null
}

function anotherTime(
  before: ChangeState,
  { window }: ChangeState,
  at: string,
): Pick<ScheduledChange, 'outcome' | 'detail'> {
  const isOver = before.window !== null && before.window.from <= at
  const why = isOver ? 'its time passed' : 'the calendar was altered'
  const isGiven = window !== null && isMoved(before, { window })
  const detail = isGiven ? `${why}; now ${stampOf(window.from)}` : `${why}, and no other is free`
  return { outcome: 'given-another-time', detail }
}

function isMoved({ window: before }: Pick<ChangeState, 'window'>, { window }: Pick<ChangeState, 'window'>): boolean {
  return window?.from !== before?.from || window?.until !== before?.until
}

import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from './change-world.ts'
import { recordStep } from './record-step.ts'

/**
 * Gives a change its time by the calendar, and records it. One that has a time ahead keeps it, as long as that
 * is one; where no calendar is kept, none is needed.
 */
export async function scheduleChange(world: ChangeWorld, state: ChangeState): Promise<ChangeState> {
  if (state.phase !== 'proposed') return state
  const slot = await world.slotFor(state)
  if (slot === null || (slot.window === null && slot.from <= world.clock.now())) return state
  const { window } = state
  const isAhead = window !== null && (window.until === null || window.until > slot.from)
  return isAhead && (await world.keepsItsTime(state)) ? state : recordStep(world, state, { is: 'scheduled', ...slot })
}

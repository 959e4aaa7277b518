import type { Store } from '../store/store.ts'
import { type Due, due, type ScheduledDuty } from './due.ts'
import { dutyPast } from './duty-past.ts'

/** One duty, and whether it is due. */
export interface PlannedDuty<Duty extends ScheduledDuty> {
  readonly duty: Duty
  readonly plan: Due
}

/** Decides for each duty whether it is due now, in the order given. Writes nothing. */
export async function planRound<Duty extends ScheduledDuty>(
  store: Store,
  duties: readonly Duty[],
  now: string,
): Promise<PlannedDuty<Duty>[]> {
  const planned: PlannedDuty<Duty>[] = []
  for (const duty of duties) planned.push({ duty, plan: due(duty, await dutyPast(store, duty.id, now), now) })
  return planned
}

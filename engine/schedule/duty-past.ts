import { Cadence } from '@upkeep/contract/time'
import type { Store } from '../store/store.ts'
import type { DutyPast } from './due.ts'

/** Reads from the records what deciding about a duty takes. Only completed runs count; `interrupted` and `failed` ones do not. */
export async function dutyPast(store: Store, duty: string, now: string): Promise<DutyPast> {
  const last = await store.runs.latestCompleted(duty, now)
  const missed = await store.runs.latestMissed(duty, last?.id)
  const future = await store.runs.firstCompletedAfter(duty, now)
  return {
    lastCompleted: last && { startedAt: last.startedAt, cadence: Cadence.parse(last.cadence) },
    missedUntil: missed?.endedAt ?? null,
    fromTheFuture: future?.startedAt ?? null,
  }
}

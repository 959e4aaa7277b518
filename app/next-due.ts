import type { AnyDuty, Run } from '@upkeep/contract'
import type { Clock } from '@upkeep/engine/kernel/clock'
import { due } from '@upkeep/engine/schedule/due'
import type { Store } from '@upkeep/engine/store/store'
import type { AdoptedDuty } from './adoption.ts'
import type { ScanRequest } from './operations/context.ts'

interface Adopted {
  clock: Clock
  adopted: readonly AdoptedDuty[]
}

/** When a duty is due next, from its cadence and its last run; now where it is due. */
export function nextDueOf(
  { clock }: Pick<Adopted, 'clock'>,
  { duty, cadence }: AdoptedDuty,
  latest: Run | null,
): string {
  const now = clock.now()
  const lastCompleted =
    latest === null ? null : { startedAt: latest.startedAt, cadence: latest.cadence as AdoptedDuty['cadence'] }
  const answer = due(
    { id: duty.id, version: duty.version, cadence },
    { lastCompleted, missedUntil: null, fromTheFuture: null },
    now,
  )
  return answer.due ? now : answer.nextAt
}

/** The moment at which the next duty is due. */
export async function soonest(input: Adopted & { store(): Promise<Store> }): Promise<string> {
  const store = await input.store()
  const times: string[] = []
  for (const one of input.adopted.filter((one) => one.adopted)) {
    times.push(nextDueOf(input, one, await store.runs.latestCompleted(one.duty.id)))
  }
  return times.sort()[0] ?? input.clock.now()
}

/** What the duties that are due now have made: they run only what a person let be run, and attack only what is listed. */
export async function madeWhenDue(
  input: Adopted,
  { what, homes, project = [] }: ScanRequest,
  store: Store,
): Promise<Pick<ScanRequest, 'prove' | 'proveControls'>> {
  const onThisMachine = homes.length === 0 && project.length === 0
  if (what !== 'due' || !onThisMachine) return {}
  const made = new Set<AnyDuty['whenDue']>()
  for (const one of input.adopted.filter(({ adopted, duty }) => adopted && duty.whenDue !== undefined)) {
    const dueAt = nextDueOf(input, one, await store.runs.latestCompleted(one.duty.id))
    // What is due is due at the moment at which that was asked: the clock is read after it.
    if (dueAt <= input.clock.now()) made.add(one.duty.whenDue)
  }
  return made.size === 0 ? {} : { prove: 'all', proveControls: made.has('attack-controls') }
}

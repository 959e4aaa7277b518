import type { Observation } from '@upkeep/contract'
import { isOfKind } from '../kernel/observation-index.ts'
import type { Store } from '../store/store.ts'
import { observationsOf } from '../store/stored-observations.ts'

type Proof = Observation<'server-probes'>

/** What the newest runs of these duties knew to be proven, by server: each run hands on what still holds. */
export async function earlierProofs(store: Store, duties: readonly { id: string }[]): Promise<Proof[]> {
  const runs = (await Promise.all(duties.map(({ id }) => store.runs.latestCompleted(id)))).filter((run) => run !== null)
  const newestLast = runs.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
  const found = new Map<string, Proof>()
  for (const run of newestLast) {
    for (const one of await observationsOf(store, run, ['server-probes']))
      if (isOfKind(one, 'server-probes') && one.state === 'seen') found.set(one.subject.id, one)
  }
  return [...found.values()]
}

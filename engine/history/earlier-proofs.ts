import type { Observation } from '@upkeep/contract'
import { isOfKind } from '../kernel/observation-index.ts'
import type { Store } from '../store/store.ts'
import { observationsOf } from '../store/stored-observations.ts'

/** What is found out by running a server's bytes or attacking its endpoint, and handed on until it is done again. */
export type ProvenKind = 'server-probes' | 'server-tests' | 'endpoint-attacks'

/** What the newest runs of these duties knew to be proven, by server: each run hands on what still holds. */
export async function earlierProofs<Kind extends ProvenKind>(
  store: Store,
  duties: readonly { id: string }[],
  kind: Kind,
): Promise<Observation<Kind>[]> {
  const runs = (await Promise.all(duties.map(({ id }) => store.runs.latestCompleted(id)))).filter((run) => run !== null)
  const newestLast = runs.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
  const found = new Map<string, Observation<Kind>>()
  for (const run of newestLast) {
    for (const one of await observationsOf(store, run, [kind]))
      if (isOfKind(one, kind) && one.state === 'seen') found.set(one.subject.id, one)
  }
  return [...found.values()]
}

import type { Run } from '@upkeep/contract/run'
import type { Round } from '../store/rounds-and-leases.ts'
import type { Store } from '../store/store.ts'
import { interruptedRun } from './uncounted-runs.ts'

export interface Recovery {
  readonly at: string
  newId(): string
  /** Appends the runs and seals them, in the transaction given. */
  record(tx: Store, runs: readonly Run[]): Promise<void>
}

/**
 * Puts an end to rounds that a killed process left running: each of their duties gets a run of outcome `interrupted`. Only the holder of
 * the lease may call it, since to anyone else a round that is still at work looks the same. Returns the rounds that were ended.
 */
export async function recoverRounds(store: Store, { at, newId, record }: Recovery): Promise<Round[]> {
  return store.transaction(async (tx) => {
    const left = await tx.rounds.running()
    const runs = left.flatMap((round) => round.duties.map((duty) => interruptedRun(newId(), round, duty, at)))
    if (runs.length > 0) await record(tx, runs)
    for (const round of left) await tx.rounds.abandon(round.id, at < round.at ? round.at : at)
    return left
  })
}

import { parseCheckpointNote } from '@upkeep/domain/checkpoint'
import type { StoredCheckpoint } from '../store/store.ts'
import { type ChainKey, keyAt, noteIsSignedBy } from './check-keys.ts'
import { toHex } from './leaf.ts'
import { type ProblemLog, report } from './problems.ts'

/** What checkpoints are held against: how large the ledger is, its root at each size, its keys. */
export interface Held {
  readonly size: number
  readonly roots: ReadonlyMap<number, string>
  readonly chain: readonly ChainKey[]
}

/** Checks every stored checkpoint: what it says, who signed it, and whether the leaves give its root. */
export function checkCheckpoints(checkpoints: readonly StoredCheckpoint[], held: Held, log: ProblemLog): void {
  let before = 0
  let good = 0
  let broken = false
  for (const checkpoint of checkpoints) {
    const fault = checkpointFault(checkpoint, before, held)
    if (fault !== null) report(log, 'checkpoint-invalid', `the checkpoint at size ${checkpoint.size}: ${fault}`)
    before = Math.max(before, checkpoint.size)
    if (checkpoint.size > held.size) reportTail(checkpoint, held, log)
    else if (held.roots.get(checkpoint.size) === checkpoint.root) good = broken ? good : checkpoint.size
    else if (!broken) {
      broken = true
      reportRoot(good, checkpoint.size, log)
    }
  }
  if (before < held.size) {
    const detail = `leaves ${before} to ${held.size - 1} are under no signed checkpoint`
    report(log, 'tail-unsigned', detail, { index: before })
  }
}

function checkpointFault(stored: StoredCheckpoint, before: number, { chain }: Held): string | null {
  const read = parseCheckpointNote(stored.note)
  if (read === null) return 'its note cannot be read'
  const { checkpoint, note } = read
  if (checkpoint.size !== stored.size || toHex(checkpoint.root) !== stored.root)
    return 'its note says something else than its row'
  if (stored.size < before) return 'it is smaller than the one before it'
  const key = keyAt(chain, stored.size)
  if (key === null) return 'no key of the ledger was in force'
  if (checkpoint.origin !== key.record.origin) return 'it is of another ledger'
  return noteIsSignedBy(note, key.record.key) ? null : 'it is not signed by the key that was in force'
}

function reportTail(checkpoint: StoredCheckpoint, held: Held, log: ProblemLog): void {
  const detail = `a checkpoint vouches for ${checkpoint.size} leaves, and the ledger has ${held.size}`
  report(log, 'tail-removed', detail, { index: held.size })
}

/** Only the first differing root is told: every later one differs for the same reason. */
function reportRoot(good: number, size: number, log: ProblemLog): void {
  const detail = `the leaves do not give the root of the checkpoint at size ${size}: among leaves ${good} to ${size - 1} one was changed, removed, added or re-ordered`
  report(log, 'root-differs', detail, { index: good })
}

/** Holds checkpoints that were exported earlier against the ledger as it is now. */
export function checkEarlier(earlier: readonly string[], held: Held, log: ProblemLog): void {
  for (const source of earlier) {
    const fault = earlierFault(source, held)
    if (fault !== null) report(log, 'earlier-differs', fault)
  }
}

function earlierFault(source: string, { size, roots, chain }: Held): string | null {
  const read = parseCheckpointNote(source)
  if (read === null) return 'an earlier checkpoint cannot be read'
  const { checkpoint, note } = read
  const named = `the earlier checkpoint at size ${checkpoint.size}`
  if (checkpoint.origin !== chain.at(0)?.record.origin) return `${named} is of another ledger`
  if (!chain.some((key) => noteIsSignedBy(note, key.record.key))) return `${named} is signed by no key of this ledger`
  if (checkpoint.size > size) return `${named} vouches for leaves ${size} to ${checkpoint.size - 1}: they were removed`
  if (roots.get(checkpoint.size) === toHex(checkpoint.root)) return null
  return `${named} has another root: among leaves 0 to ${checkpoint.size - 1} one was changed, removed, added or re-ordered since`
}

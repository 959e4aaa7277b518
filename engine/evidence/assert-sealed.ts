import { UserError } from '@upkeep/contract/errors'
import type { SealedType } from '@upkeep/contract/evidence'
import { parseCheckpointNote } from '@upkeep/domain/checkpoint'
import { appendLeaves, emptyFrontier, rootOf } from '@upkeep/domain/merkle'
import type { Store } from '../store/store.ts'
import { noteIsSignedBy } from './check-keys.ts'
import { type Keyring, keyInForce } from './keyring.ts'
import { fromHex, leafHashOf, toHex } from './leaf.ts'

const chunk = 5_000

/**
 * Makes sure that records are the ones that were sealed: each has its leaf, and all leaves together give the root of the newest checkpoint,
 * which the key of this installation signed. A row that somebody wrote into the database is not enough.
 *
 * @throws UserError `not-approved` that names the first record that does not hold.
 */
export async function assertSealed(
  store: Store,
  keyring: Keyring,
  type: SealedType,
  records: readonly { id: string; at: string }[],
): Promise<void> {
  const wanted = new Map(records.map((record) => [record.id, leafHashOf(type, record)]))
  let frontier = emptyFrontier
  const size = await store.ledger.size()
  for (let from = 0; from < size; from += chunk) {
    const leaves = await store.ledger.range(from, Math.min(size, from + chunk))
    frontier = appendLeaves(
      frontier,
      leaves.map(({ leafHash }) => fromHex(leafHash)),
    )
    for (const leaf of leaves)
      if (leaf.type === type && wanted.get(leaf.recordId) === leaf.leafHash) wanted.delete(leaf.recordId)
  }
  const [missing] = wanted.keys()
  if (missing !== undefined) throw notSealed(`its record ${missing} is not in the ledger as it stands in the store`)
  const checkpoint = await store.checkpoints.latest()
  const note = checkpoint === null ? null : parseCheckpointNote(checkpoint.note)
  if (note === null || note.checkpoint.size !== size || toHex(note.checkpoint.root) !== toHex(rootOf(frontier)))
    throw notSealed('the ledger does not match its newest checkpoint')
  const key = await keyInForce(store, keyring, checkpoint?.at ?? '')
  if (!noteIsSignedBy(note.note, key.record.key))
    throw notSealed('the newest checkpoint is not signed by this installation')
}

function notSealed(why: string): UserError {
  return new UserError(
    'not-approved',
    `Nothing is made: ${why}.`,
    'Run "upkeep verify": it names every record that was altered.',
  )
}

import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import { appendLeaves, emptyFrontier, type MerkleFrontier, rootOf } from '@upkeep/domain/merkle'
import { z } from 'zod'
import { readBounded } from '../ports/files-read.ts'
import type { Store, StoredCheckpoint } from '../store/store.ts'
import type { Keyring } from './keyring.ts'
import { fromHex, toHex } from './leaf.ts'

const KeptFrontier = z.strictObject({
  size: z.int().nonnegative(),
  roots: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(64),
})
const chunk = 2_000

/**
 * The frontier of the ledger as it stands: as this process left it, else as the last one kept it in a file, else from every leaf. A kept
 * one is used only when it gives the size and root of the latest checkpoint, so that neither a stale nor a forged one can do harm.
 *
 * @throws UserError `evidence-invalid` when the leaves no longer give the root that was signed: nothing is sealed on top of that.
 */
export async function currentFrontier(tx: Store, keyring: Keyring): Promise<MerkleFrontier> {
  const size = await tx.ledger.size()
  const checkpoint = await tx.checkpoints.latest()
  if (size === 0 && checkpoint === null) return emptyFrontier
  if (checkpoint === null || checkpoint.size !== size) throw brokenLedger()
  if (fits(keyring.frontier, checkpoint)) return keyring.frontier
  const kept = readKept(keyring)
  if (kept !== null && fits(kept, checkpoint)) return kept
  const computed = await frontierFromLeaves(tx, size)
  if (!fits(computed, checkpoint)) throw brokenLedger()
  return computed
}

/** Remembers how far the tree is, here and in `ledger-frontier.json`. Losing it costs time, nothing else. */
export function keepFrontier(keyring: Keyring, frontier: MerkleFrontier): void {
  keyring.frontier = frontier
  const path = keptPath(keyring)
  try {
    const text = JSON.stringify({ size: frontier.size, roots: frontier.roots.map(toHex) })
    writeFileSync(`${path}.draft`, `${text}\n`, { mode: 0o600 })
    renameSync(`${path}.draft`, path)
  } catch {
    // It is a cache: the next run hashes the leaves instead.
  }
}

async function frontierFromLeaves(tx: Store, size: number): Promise<MerkleFrontier> {
  let frontier = emptyFrontier
  for (let from = 0; from < size; from += chunk) {
    const leaves = await tx.ledger.range(from, Math.min(size, from + chunk))
    frontier = appendLeaves(
      frontier,
      leaves.map((leaf) => fromHex(leaf.leafHash)),
    )
  }
  return frontier
}

function fits(frontier: MerkleFrontier, checkpoint: StoredCheckpoint): boolean {
  return frontier.size === checkpoint.size && toHex(rootOf(frontier)) === checkpoint.root
}

function readKept(keyring: Keyring): MerkleFrontier | null {
  const read = readBounded(keptPath(keyring), 16_384)
  if (read.state !== 'present') return null
  try {
    const kept = KeptFrontier.parse(JSON.parse(new TextDecoder().decode(read.bytes)))
    return hasOneRootPerBit(kept) ? { size: kept.size, roots: kept.roots.map(fromHex) } : null
  } catch {
    return null
  }
}

/** A root can be right while the parts are cut differently; growing such a frontier would go wrong. */
function hasOneRootPerBit({ size, roots }: z.infer<typeof KeptFrontier>): boolean {
  return [...size.toString(2)].filter((bit) => bit === '1').length === roots.length
}

function keptPath(keyring: Keyring): string {
  return join(keyring.stateDir, 'ledger-frontier.json')
}

function brokenLedger(): UserError {
  return new UserError(
    'evidence-invalid',
    'The ledger does not match its last signed checkpoint: it was changed from outside.',
    'Run "upkeep verify" to see what differs; nothing is written on top of it. Restore the state, or start with an empty state folder.',
  )
}

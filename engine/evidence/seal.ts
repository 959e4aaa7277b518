import type { LedgerKey, SealedType } from '@upkeep/contract/evidence'
import { formatCheckpoint } from '@upkeep/domain/checkpoint'
import { appendLeaves, rootOf } from '@upkeep/domain/merkle'
import { formatNote, verifierKey } from '@upkeep/domain/signed-note'
import type { Store, StoredCheckpoint } from '../store/store.ts'
import { type KeyPair, signText } from './ed25519.ts'
import { currentFrontier, keepFrontier } from './frontier.ts'
import { type Keyring, keyInForce } from './keyring.ts'
import { fromHex, leafHashOf, toHex } from './leaf.ts'

/** A record to be sealed. Its own table has it already, in the same transaction. */
export interface Sealable {
  readonly type: SealedType
  readonly record: { readonly id: string }
}

/**
 * Seals records: a leaf for each in the order given, and one signed checkpoint over the ledger as it then is. The first time, the key's own
 * record comes before them. Call it inside the transaction that stores the records; without any there is nothing to seal.
 */
export async function seal(
  tx: Store,
  keyring: Keyring,
  records: readonly Sealable[],
  at: string,
): Promise<StoredCheckpoint | null> {
  if (records.length === 0) return tx.checkpoints.latest()
  const { record, pair, isNew } = await keyInForce(tx, keyring, at)
  if (isNew) await tx.keys.append(record)
  const sealed = isNew ? [keySealable(record), ...records] : records
  return grow(tx, keyring, { records: sealed, at, origin: record.origin, signers: [pair] })
}

/** What a step of the ledger takes: usually one signer, two where one key gives way to the next. */
export interface Growth {
  readonly records: readonly Sealable[]
  readonly at: string
  readonly origin: string
  readonly signers: readonly KeyPair[]
}

/** Appends the leaves and the checkpoint over them. */
export async function grow(tx: Store, keyring: Keyring, growth: Growth): Promise<StoredCheckpoint> {
  const { records, at, origin, signers } = growth
  const frontier = await currentFrontier(tx, keyring)
  const leaves = records.map(({ type, record }) => ({
    type,
    recordId: record.id,
    leafHash: leafHashOf(type, record),
    at,
  }))
  await tx.ledger.append(leaves)
  const grown = appendLeaves(
    frontier,
    leaves.map((leaf) => fromHex(leaf.leafHash)),
  )
  const root = rootOf(grown)
  const text = formatCheckpoint({ origin, size: grown.size, root })
  const signatures = signers.map((pair) => ({
    name: origin,
    keyId: verifierKey(origin, pair.publicKey).keyId,
    signature: signText(text, pair),
  }))
  const checkpoint = { size: grown.size, root: toHex(root), at, note: formatNote({ text, signatures }) }
  await tx.checkpoints.append(checkpoint)
  keepFrontier(keyring, grown)
  return checkpoint
}

/** A key record as something to seal. */
export function keySealable(record: LedgerKey): Sealable {
  return { type: 'key', record }
}

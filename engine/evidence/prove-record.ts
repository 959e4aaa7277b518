import { LedgerKey, PackedRecord, type RecordProof, type SealedType } from '@upkeep/contract/evidence'
import { type CheckpointNote, parseCheckpointNote } from '@upkeep/domain/checkpoint'
import { appendLeaves, emptyFrontier, rootOf } from '@upkeep/domain/merkle'
import {
  consistencySpans,
  inclusionSpans,
  type Span,
  verifyConsistency,
  verifyInclusion,
} from '@upkeep/domain/merkle-proof'
import type { LedgerLeaf, Store, StoredCheckpoint } from '../store/store.ts'
import { keyAt, noteIsSignedBy, readKeyChain } from './check-keys.ts'
import { isPracticeOrigin } from './keyring.ts'
import { fromHex, leafHashOf, leafHashOfBody, parsedBody, toHex } from './leaf.ts'
import { newProblemLog } from './problems.ts'

/** Which record, and the size of an earlier head that the newest one is to be shown to grow from. */
export interface ProofAsked {
  readonly type: SealedType
  readonly id: string
  readonly since: number | null
}

/** A proof, or why none could be made. `wrong`: what stands in the way is that the evidence is not as it was sealed. */
export type ProofMade =
  | { readonly proof: RecordProof; readonly head: StoredCheckpoint }
  | { readonly proof: null; readonly why: string; readonly wrong: boolean }

/**
 * Proves that one record is in the ledger: from its leaf up to the root of the newest signed head. Everything is checked here before it is handed
 * out, so that nobody is given a proof that does not hold. Reads leaf hashes, every one for each path, and no other record but those of keys.
 */
export async function proveRecord(store: Store, asked: ProofAsked): Promise<ProofMade> {
  const leaf = await store.ledger.leafOf(asked.type, asked.id)
  if (leaf === null) return refused('No leaf of the ledger is of this record: it was never sealed.', false)
  const stored = await store.checkpoints.latest()
  const head = stored === null ? null : parseCheckpointNote(stored.note)
  if (stored === null || head === null) return refused('There is no signed head that can be read.', true)
  const keys = await sealedKeys(store)
  const fault = await faultOf(store, { leaf, stored, head, keys })
  if (fault !== null) return refused(fault, true)
  const { size } = head.checkpoint
  if (asked.since !== null && asked.since > size)
    return refused(`The newest head is over ${size} leaves: it cannot grow from one over ${asked.since}.`, false)
  const proof = await drawn(store, { leaf, note: stored.note, head, keys, since: asked.since })
  const broken = await brokenPart(store, proof, head)
  return broken === null ? { proof, head: stored } : refused(broken, true)
}

interface Sealed {
  readonly leaf: LedgerLeaf
  readonly stored: StoredCheckpoint
  readonly head: CheckpointNote
  readonly keys: readonly KeyLeaf[]
}

interface KeyLeaf {
  readonly index: number
  readonly body: string
}

function refused(why: string, wrong: boolean): ProofMade {
  return { proof: null, why, wrong }
}

async function sealedKeys(store: Store): Promise<KeyLeaf[]> {
  const found: KeyLeaf[] = []
  for (const { id } of await store.keys.list()) {
    const leaf = await store.ledger.leafOf('key', id)
    const body = await store.records.get('key', id)
    if (leaf !== null && body !== null) found.push({ index: leaf.index, body })
  }
  return found.sort((one, other) => one.index - other.index)
}

/** What of record, head and keys is not as it was sealed; null where all of it is. */
async function faultOf(store: Store, { leaf, stored, head, keys }: Sealed): Promise<string | null> {
  const { size, root, origin } = head.checkpoint
  if (size !== stored.size || toHex(root) !== stored.root) return 'The newest head says something else than its row.'
  if (leaf.index >= size)
    return `The record is leaf ${leaf.index}, and the newest signed head is over ${size}: nobody vouches for it.`
  const body = await store.records.get(leaf.type, leaf.recordId)
  if (body === null || leafHashOfBody(leaf.type, body) !== leaf.leafHash)
    return `The record is not what was sealed as leaf ${leaf.index}.`
  const log = newProblemLog()
  const chain = readKeyChain(keys, log)
  const [bad] = log.list
  if (bad !== undefined) return `A key of the ledger does not hold: ${bad.detail}.`
  const key = keyAt(chain, size)
  if (key === null || key.record.origin !== origin || !noteIsSignedBy(head.note, key.record.key))
    return 'The newest head is not signed by the key that is in force.'
  return null
}

interface Drawing extends Omit<Sealed, 'stored'> {
  readonly note: string
  readonly since: number | null
}

async function drawn(store: Store, { leaf, note, head, keys, since }: Drawing): Promise<RecordProof> {
  const { size, origin } = head.checkpoint
  const pathOf = async (spans: readonly Span[]) => {
    const path: string[] = []
    for (const span of spans) path.push(toHex(await rootBetween(store, span)))
    return path
  }
  const body = parsedBody((await store.records.get(leaf.type, leaf.recordId)) ?? '')
  const record = PackedRecord.parse({ index: leaf.index, type: leaf.type, id: leaf.recordId, record: body })
  const packedKeys: RecordProof['keys'] = []
  for (const key of keys.filter(({ index }) => index < size)) {
    const path = await pathOf(inclusionSpans(size, key.index))
    packedKeys.push({ index: key.index, record: LedgerKey.parse(parsedBody(key.body)), path })
  }
  return {
    format: 'upkeep-record-proof/1',
    origin,
    practice: isPracticeOrigin(origin),
    ...record,
    path: await pathOf(inclusionSpans(size, leaf.index)),
    checkpoint: note,
    keys: packedKeys,
    earlier: since === null ? null : { size: since, path: await pathOf(consistencySpans(size, since)) },
  }
}

/** What of a drawn proof does not lead to the root that was signed; null where all of it does. */
async function brokenPart(store: Store, proof: RecordProof, { checkpoint }: CheckpointNote): Promise<string | null> {
  const { size, root } = checkpoint
  const differs =
    'The leaves of the ledger no longer give the root of the newest signed head: it was changed from outside.'
  for (const { type, record, index, path } of [proof, ...proof.keys.map((key) => ({ ...key, type: 'key' as const }))]) {
    // Of what is handed out, and not of what the ledger says it is.
    const claim = { leaf: fromHex(leafHashOf(type, record)), index, size, root }
    if (!verifyInclusion(claim, path.map(fromHex))) return `${differs} (${type} ${String(record.id)})`
  }
  const { earlier } = proof
  const known = (await store.checkpoints.list()).find((one) => one.size === earlier?.size)
  if (earlier === null || known === undefined) return null
  const older = { size: earlier.size, root: fromHex(known.root) }
  return verifyConsistency({ older, newer: { size, root } }, earlier.path.map(fromHex)) ? null : differs
}

const chunk = 2_000

async function rootBetween(store: Store, { from, to }: Span): Promise<Uint8Array> {
  let frontier = emptyFrontier
  for (let at = from; at < to; at += chunk) {
    const leaves = await store.ledger.range(at, Math.min(to, at + chunk))
    frontier = appendLeaves(
      frontier,
      leaves.map(({ leafHash }) => fromHex(leafHash)),
    )
  }
  return rootOf(frontier)
}

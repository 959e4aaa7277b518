import { LedgerKey } from '@upkeep/contract/evidence'
import { parseVerifierKey, type SignedNote } from '@upkeep/domain/signed-note'
import { isSignedBy } from './ed25519.ts'
import { keyRecordFault } from './key-record.ts'
import { parsedBody } from './leaf.ts'
import { type ProblemLog, report } from './problems.ts'

/** A key of the ledger, and the leaf from which on it is in force. */
export interface ChainKey {
  readonly index: number
  readonly record: LedgerKey
}

/** The keys of a ledger in the order in which they came into force: each vouched for by the one before. */
export function readKeyChain(records: readonly { index: number; body: string }[], log: ProblemLog): ChainKey[] {
  const chain: ChainKey[] = []
  for (const { index, body } of records) {
    const record = readKey(body)
    const before = chain.at(-1)?.record ?? null
    const fault = record === null ? 'it cannot be read' : keyRecordFault(record, before)
    if (record !== null && fault === null) chain.push({ index, record })
    else report(log, 'key-invalid', fault ?? 'it does not hold', { index, record: keyName(record) })
  }
  return chain
}

/** The key in force over a tree of some size: the last one among its leaves. */
export function keyAt(chain: readonly ChainKey[], size: number): ChainKey | null {
  return chain.findLast((key) => key.index < size) ?? null
}

/** Whether a note carries a good signature of a key. */
export function noteIsSignedBy(note: SignedNote, line: string): boolean {
  const key = parseVerifierKey(line)
  if (key === null) return false
  return note.signatures.some(
    ({ name, keyId, signature }) =>
      name === key.name && keyId === key.keyId && isSignedBy(note.text, signature, key.publicKey),
  )
}

function readKey(body: string): LedgerKey | null {
  const read = LedgerKey.safeParse(parsedBody(body))
  return read.success ? read.data : null
}

function keyName(record: LedgerKey | null): { type: string; id: string } | null {
  return record === null ? null : { type: 'key', id: record.id }
}

import type { LedgerKey } from '@upkeep/contract/evidence'
import { fromBase64, toBase64 } from '@upkeep/domain/base64'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { formatVerifierKey, parseVerifierKey, verifierKey } from '@upkeep/domain/signed-note'
import { isSignedBy, type KeyPair, signText } from './ed25519.ts'

/** What a key record rests on: its own key, and the one before it unless it is the first. */
export interface KeyRecordInput {
  readonly at: string
  readonly origin: string
  readonly pair: KeyPair
  readonly before: KeyPair | null
}

/** Makes the record that puts a key in force, signed by the new key and by the one it replaces. */
export function makeKeyRecord({ at, origin, pair, before }: KeyRecordInput): LedgerKey {
  const line = keyLine(origin, pair)
  const unsigned = {
    id: verifierKey(origin, pair.publicKey).keyId,
    at,
    origin,
    key: line,
    replaces: before === null ? null : keyLine(origin, before),
  }
  const text = signedText(unsigned)
  const signers = before === null ? [pair] : [before, pair]
  const signatures = signers.map((signer) => ({
    key: keyLine(origin, signer),
    signature: toBase64(signText(text, signer)),
  }))
  return { ...unsigned, signatures }
}

/** A public key in one line, under the ledger's name. */
export function keyLine(origin: string, pair: KeyPair): string {
  return formatVerifierKey(verifierKey(origin, pair.publicKey))
}

/** Why a key record does not hold after the key that was in force; null when it does. */
export function keyRecordFault(record: LedgerKey, before: LedgerKey | null): string | null {
  if (parseVerifierKey(record.key)?.name !== record.origin) return 'its key is not one of this ledger'
  if (before !== null && record.origin !== before.origin) return 'it names another ledger'
  if (record.replaces !== (before?.key ?? null)) return 'it does not replace the key that was in force'
  if (!carriesSignature(record, record.key)) return 'the new key did not sign it'
  if (before !== null && !carriesSignature(record, before.key)) return 'the key that was in force did not sign it'
  return null
}

function carriesSignature(record: LedgerKey, line: string): boolean {
  const key = parseVerifierKey(line)
  const { signatures, ...unsigned } = record
  const text = signedText(unsigned)
  return signatures.some((one) => {
    const signature = one.key === line ? fromBase64(one.signature) : null
    return key !== null && signature !== null && isSignedBy(text, signature, key.publicKey)
  })
}

/** The first line keeps this signature from ever being one over a checkpoint, or over anything else. */
function signedText(unsigned: Omit<LedgerKey, 'signatures'>): string {
  return `upkeep key record\n${canonicalJson(unsigned)}`
}

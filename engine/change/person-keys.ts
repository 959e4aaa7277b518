import type { Approval } from '@upkeep/contract/change-step'
import type { SeenApproval } from '@upkeep/contract/observations/changes'
import type { Attestation, Signer } from '@upkeep/contract/person'
import type { PersonKey } from '@upkeep/contract/person-key'
import { type Delegation, delegationsIn } from '@upkeep/domain/changes/delegations'
import {
  approvalStatement,
  delegationStatement,
  enrolmentStatement,
  signatureNamespace,
} from '@upkeep/domain/changes/signed-statements'
import { checkSignature } from '../kernel/ssh-signature.ts'

/**
 * The key by which each person approves now: the newest of an unbroken chain. A record that its predecessor did not sign, or that its own key
 * did not, ends the chain before it.
 */
export function keysInForce(records: readonly PersonKey[]): Map<string, PersonKey> {
  const inForce = new Map<string, PersonKey>()
  for (const record of records) {
    const before = inForce.get(record.person) ?? null
    if (whyNotEnrolled(record, before) === null) inForce.set(record.person, record)
  }
  return inForce
}

/** Why a key is not to be taken for a person's; null when it is. */
export function whyNotEnrolled(record: PersonKey, before: PersonKey | null): string | null {
  if (record.replaces !== (before?.id ?? null)) return 'it does not take the place of the key in force'
  const statement = Buffer.from(enrolmentStatement(record), 'utf8')
  const proof = checkSignature(record.key, record.proof, statement, signatureNamespace)
  if (proof.state === 'bad') return proof.reason
  if (before === null) return null
  if (record.vouched === null) return 'the key in force did not sign it'
  const vouched = checkSignature(before.key, record.vouched, statement, signatureNamespace)
  return vouched.state === 'bad' ? vouched.reason : null
}

/** Whether an approval shows that its person was there: signed, by the key of theirs in force, over exactly this; touched where the key can tell. */
export function provesPresence(change: string, approval: Approval, keys: ReadonlyMap<string, PersonKey>): boolean {
  return wasSigned(approval.signer, approvalStatement({ ...approval, change, person: approval.signer.person }), keys)
}

/** Whether a person signed this very text with the key of theirs; touched where the key can tell. */
export function wasSigned(signer: Signer, statement: string, keys: ReadonlyMap<string, PersonKey>): boolean {
  const key = keys.get(signer.person)
  if (key === undefined || signer.signature === null || signer.presence === 'not-proven') return false
  const checked = checkSignature(key.key, signer.signature, Buffer.from(statement, 'utf8'), signatureNamespace)
  return (
    checked.state === 'good' &&
    (signer.presence === 'security-key' ? checked.touched === true : checked.touched === null)
  )
}

/** The delegations that their givers signed, each by the key that `keysFor` says was theirs at its moment. */
export function signedDelegations(
  attestations: readonly Attestation[],
  keysFor: (at: string) => ReadonlyMap<string, PersonKey>,
): Delegation[] {
  return delegationsIn(attestations, ({ person, statement: to, validUntil: until, at, signer }) => {
    const text = delegationStatement({ person, to, until })
    return signer.person === person && wasSigned(signer, text, keysFor(at))
  })
}

/**
 * Whether approvals of a change are signed by the key that was in force when they were given: one that came later says nothing about a
 * signature of before, nor does one that was replaced by then.
 */
export function signaturesBy(records: readonly PersonKey[]) {
  return (change: string) =>
    (approval: Approval, at: string): SeenApproval['signature'] => {
      if (approval.signer.signature === null) return 'none'
      return provesPresence(change, approval, keysAt(records, at)) ? 'holds' : 'does-not-hold'
    }
}

/** The keys that were in force at a moment. */
export function keysAt(records: readonly PersonKey[], at: string): Map<string, PersonKey> {
  return keysInForce(records.filter((record) => record.at <= at))
}

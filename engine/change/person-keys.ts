import type { Approval } from '@upkeep/contract/change-step'
import type { SeenApproval } from '@upkeep/contract/observations/changes'
import type { Attestation, Signer } from '@upkeep/contract/person'
import type { PersonKey } from '@upkeep/contract/person-key'
import { type Delegation, delegationsIn } from '@upkeep/domain/changes/delegations'
import { approvalStatement, delegationStatement, enrolmentStatement } from '@upkeep/domain/changes/signed-statements'
import { isAssertionBy, isPasskey } from '../kernel/passkey.ts'
import { checkPersonSignature } from '../kernel/person-signature.ts'

/** The keys by which each person decides now: an SSH key, passkeys. */
export type PersonKeys = ReadonlyMap<string, readonly PersonKey[]>

/**
 * The keys of each person that count now: those of an unbroken chain. A record that none of those before it signed, or that its own key did
 * not, ends the chain before it.
 */
export function keysInForce(records: readonly PersonKey[]): Map<string, readonly PersonKey[]> {
  const inForce = new Map<string, readonly PersonKey[]>()
  for (const record of records) {
    const before = inForce.get(record.person) ?? []
    if (whyNotEnrolled(record, before) !== null) continue
    inForce.set(record.person, [...before.filter(({ id }) => id !== record.replaces), record])
  }
  return inForce
}

/** Why a key is not to be taken for a person's, whose keys of before these are; null when it is. */
export function whyNotEnrolled(record: PersonKey, before: readonly PersonKey[]): string | null {
  if (record.replaces !== null && !before.some(({ id }) => id === record.replaces))
    return 'what it takes the place of is not in force'
  const statement = enrolmentStatement(record)
  const proof = checkPersonSignature(record.key, record.proof, statement)
  if (proof.state === 'bad') return proof.reason
  if (before.length === 0) return null
  const { vouched } = record
  if (vouched === null) return 'no key in force signed it'
  const [first, ...others] = before.map(({ key }) => checkPersonSignature(key, vouched, statement))
  if ([first, ...others].some((one) => one?.state === 'good')) return null
  return first?.state === 'bad' && others.length === 0 ? first.reason : 'the signature over it is by no key in force'
}

/** Whether an approval shows that its person was there: signed, by the key of theirs in force, over exactly this; touched where the key can tell. */
export function provesPresence(change: string, approval: Approval, keys: PersonKeys): boolean {
  return wasSigned(approval.signer, approvalStatement({ ...approval, change, person: approval.signer.person }), keys)
}

/** Whether a person signed this very text with a key of theirs; touched where the key can tell. */
export function wasSigned(signer: Signer, statement: string, keys: PersonKeys): boolean {
  const { signature, presence } = signer
  if (signature === null || presence === 'not-proven') return false
  return (keys.get(signer.person) ?? []).some(({ key }) => {
    if (isPasskey(key) !== (presence === 'passkey')) return false
    const checked = checkPersonSignature(key, signature, statement)
    return checked.state === 'good' && (presence === 'ssh-key' ? checked.touched === null : checked.touched === true)
  })
}

/** The key that a signature says it is by, whether it holds or not; null where it is none of these. */
export function keyBehind({ presence, signature }: Signer, own: readonly PersonKey[]): PersonKey | null {
  if (presence !== 'passkey') return own.find(({ key }) => !isPasskey(key)) ?? null
  return own.find(({ key }) => signature !== null && isAssertionBy(key, signature)) ?? null
}

/** The delegations that their givers signed, each by the key that `keysFor` says was theirs at its moment. */
export function signedDelegations(
  attestations: readonly Attestation[],
  keysFor: (at: string) => PersonKeys,
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
export function keysAt(records: readonly PersonKey[], at: string): PersonKeys {
  return keysInForce(records.filter((record) => record.at <= at))
}

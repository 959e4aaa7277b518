import type { ApprovalPolicy, Attestation, PersonKey, UpkeepFile } from '@upkeep/contract'
import { digestOf } from '@upkeep/domain/canonical-json'
import { defaultPolicies } from '@upkeep/domain/changes/approval-rule'
import { policyStatement, signatureNamespace } from '@upkeep/domain/changes/signed-statements'
import { checkSignature } from '@upkeep/engine/kernel/ssh-signature'

/** What a signature of policies is filed under. */
export const policyScope = 'policies of upkeep.yaml'

/** The policies that a change has to satisfy, every one of them; or why none are in force. */
export type PoliciesInForce =
  | { state: 'known'; all: readonly (readonly ApprovalPolicy[])[] }
  | { state: 'changed'; reason: string }

/** What is signed: who takes part in which role, and what changes take. */
export function policyDigest({ people, policies }: Pick<UpkeepFile, 'people' | 'policies'>): string {
  return digestOf({ people, policies: policies ?? null })
}

/**
 * Whoever can write upkeep.yaml could write themselves a policy. So what stands there can only ask for more than ours, until a person signed it;
 * and once somebody did, other policies than the signed ones hold every change.
 */
export function policiesInForce(
  file: Pick<UpkeepFile, 'people' | 'policies'>,
  known: { attestations: readonly Attestation[]; keys: ReadonlyMap<string, PersonKey>; now: string },
): PoliciesInForce {
  const own = file.policies ?? defaultPolicies
  const signed = known.attestations.filter((one) => isSigned(one, known)).at(-1)
  if (signed === undefined) return { state: 'known', all: file.policies === undefined ? [own] : [own, defaultPolicies] }
  if (signed.statement === policyDigest(file)) return { state: 'known', all: [own] }
  return {
    state: 'changed',
    reason: `policies or people in upkeep.yaml are not those that ${signed.person} signed: put them back, or "upkeep approve policies"`,
  }
}

function isSigned(one: Attestation, { keys, now }: { keys: ReadonlyMap<string, PersonKey>; now: string }): boolean {
  const key = keys.get(one.person)
  if (one.scope !== policyScope || one.validUntil <= now || key === undefined || one.signer.signature === null)
    return false
  const text = policyStatement({ person: one.person, digest: one.statement, until: one.validUntil })
  const checked = checkSignature(key.key, one.signer.signature, Buffer.from(text, 'utf8'), signatureNamespace)
  return checked.state === 'good' && checked.touched !== false
}

import type { ApprovalPolicy, Attestation, UpkeepFile } from '@upkeep/contract'
import { digestOf } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { type Delegation, delegationScope } from '@upkeep/domain/changes/delegations'
import { defaultPolicies, policyFor } from '@upkeep/domain/changes/policy-for'
import { policyStatement } from '@upkeep/domain/changes/signed-statements'
import { isTrainedAt, trainingScopes } from '@upkeep/domain/changes/training'
import { keysInForce, type PersonKeys, signedDelegations, wasSigned } from '@upkeep/engine/change/person-keys'
import { assertSealed } from '@upkeep/engine/evidence/assert-sealed'
import type { Store } from '@upkeep/engine/store/store'
import type { ActsInput } from './acts-input.ts'

/** What a signature of policies is filed under. */
export const policyScope = 'policies of upkeep.yaml'

/**
 * The policies that a change has to satisfy, every list of them. `changed`: others than the signed ones stand in the file, which holds every
 * change; `all` is then what stands there, and ours.
 */
export type PoliciesInForce = { all: readonly (readonly ApprovalPolicy[])[] } & (
  | { state: 'known' }
  | { state: 'changed'; reason: string }
)

/** What decides about approvals now: policies, the keys of people, and whose right is in whose hands. */
export interface ApprovalRules {
  readonly policies: PoliciesInForce
  readonly keys: PersonKeys
  readonly delegations: readonly Delegation[]
  /** Whether a statement of theirs is in force that somebody is trained in something that a policy asks for. */
  isTrained(person: string, scope: string): boolean
}

/** Reads the rules once for every door, from records that are the sealed ones. Throws UserError where they are not. */
export async function approvalRules(
  { upkeepFile, clock, keyring }: Pick<ActsInput, 'upkeepFile' | 'clock' | 'keyring'>,
  store: Store,
): Promise<ApprovalRules> {
  const records = await store.personKeys.list()
  if (records.length > 0) await assertSealed(store, keyring, 'person-key', records)
  const attestations = await store.attestations.list()
  const trainings = trainingScopes(upkeepFile.policies ?? [])
  const ruling = attestations.filter(
    ({ scope }) => scope === policyScope || scope === delegationScope || trainings.has(scope),
  )
  if (ruling.length > 0) await assertSealed(store, keyring, 'attestation', ruling)
  const keys = keysInForce(records)
  const at = clock.now()
  return {
    keys,
    policies: policiesInForce(upkeepFile, { attestations: ruling, keys, now: at }),
    delegations: signedDelegations(ruling, () => keys),
    isTrained: (person, scope) => isTrainedAt(ruling, { person, scope, at }),
  }
}

/** What each of the policies in force asks of a change. */
export function asksOf({ policies }: Pick<ApprovalRules, 'policies'>, state: ChangeState): ApprovalPolicy[] {
  return policies.all.map((list) => policyFor(state, list))
}

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
  known: { attestations: readonly Attestation[]; keys: PersonKeys; now: string },
): PoliciesInForce {
  const own = file.policies ?? defaultPolicies
  const both = file.policies === undefined ? [own] : [own, defaultPolicies]
  const signed = known.attestations.filter((one) => isSigned(one, known)).at(-1)
  if (signed === undefined) return { state: 'known', all: both }
  if (signed.statement === policyDigest(file)) return { state: 'known', all: [own] }
  return {
    state: 'changed',
    all: both,
    reason: `policies or people in upkeep.yaml are not those that ${signed.person} signed: put them back, or "upkeep approve policies"`,
  }
}

function isSigned(one: Attestation, { keys, now }: { keys: PersonKeys; now: string }): boolean {
  const { person, scope, statement: digest, validUntil: until, signer } = one
  if (scope !== policyScope || until <= now || signer.person !== person) return false
  return wasSigned(signer, policyStatement({ person, digest, until }), keys)
}

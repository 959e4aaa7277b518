import { type Attestation, type Observation, type Person, personSubject } from '@upkeep/contract'
import type { Store } from '../store/store.ts'

/** Who takes part and what they have attested: one observation per person that `upkeep.yaml` names. */
export async function personObservations(
  store: Store,
  people: readonly Person[],
): Promise<Observation<'person-record'>[]> {
  const standing = notRevoked(await store.attestations.list())
  // How somebody signs in is nothing that a duty judges, and no part of evidence.
  return people.map(({ email: _, subject: __, ...person }) => ({
    kind: 'person-record',
    subject: personSubject(person.id, person.name),
    state: 'seen',
    facts: { person, attestations: standing.filter((attestation) => attestation.person === person.id) },
  }))
}

function notRevoked(attestations: readonly Attestation[]): Attestation[] {
  const revoked = new Set(attestations.flatMap((attestation) => attestation.revokes ?? []))
  return attestations.filter((attestation) => attestation.revokes === null && !revoked.has(attestation.id))
}

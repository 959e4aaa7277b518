import { Attestation, type Person, type Role, UserError } from '@upkeep/contract'
import { newId } from '../kernel/ids.ts'

/** What a person states, about what, for how long. */
export interface AttestInput {
  person: string
  role: Role
  statement: string
  scope: string
  evidence: readonly string[]
  limits: string
  validUntil: string
  at: string
}

/**
 * Makes an attestation of a person who is named in `upkeep.yaml` and holds the role. Nobody attests for others: the signer is the person.
 * How strongly that is known stands in `signer.presence`.
 *
 * @throws UserError `not-found`, `not-allowed`, `bad-input`.
 */
export function attest(people: readonly Person[], input: AttestInput): Attestation {
  const person = people.find((one) => one.id === input.person)
  if (person === undefined) {
    throw new UserError(
      'not-found',
      `Nobody called "${input.person}" is named in upkeep.yaml.`,
      'Add the person under "people".',
    )
  }
  if (!person.roles.includes(input.role)) {
    throw new UserError(
      'not-allowed',
      `${person.name} does not hold the role ${input.role}.`,
      'Name a role that the person holds in upkeep.yaml.',
    )
  }
  if (input.validUntil <= input.at) {
    throw new UserError('bad-input', 'An attestation must end after it begins.', 'Give a later day with --until.')
  }
  const signer = { person: person.id, presence: 'not-proven' as const, signature: null }
  const body = { ...input, evidence: [...input.evidence], revokes: null, signer }
  return Attestation.parse({ id: newId(input.at), ...body })
}

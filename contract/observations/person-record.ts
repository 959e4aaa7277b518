import { z } from 'zod'
import { Attestation, Person } from '../person.ts'

/** One person, the roles they hold, and what they have attested. Revoked attestations are left out, expired ones are not. */
export const PersonRecord = z.strictObject({ person: Person, attestations: z.array(Attestation) })
export type PersonRecord = z.infer<typeof PersonRecord>

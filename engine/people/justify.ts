import { Attestation, type Signer } from '@upkeep/contract'
import { justificationScope } from '@upkeep/domain/changes/justifications'
import { newId } from '../kernel/ids.ts'

/** It says why something was done; that does not cease to be said. */
const forever = '9999-12-31T23:59:59.999Z'

/** A person's word on why a change was made: a record beside the change, which itself stays as it was sealed. */
export function justify(change: string, reason: string, signer: Signer, at: string): Attestation {
  return Attestation.parse({
    id: newId(at),
    statement: reason,
    scope: justificationScope(change),
    evidence: [change],
    limits: '',
    person: signer.person,
    role: 'operator',
    at,
    validUntil: forever,
    revokes: null,
    signer,
  })
}

import { Attestation } from '@upkeep/contract/person'
import type { Session } from '../session.ts'
import type { Listed } from '../store.ts'
import { listedRows } from './listed-rows.ts'
import type { RecordTable } from './record-table.ts'

export const attestationTable: RecordTable<Attestation> = {
  type: 'attestation',
  name: 'attestations',
  columns: {
    person: (attestation) => attestation.person,
    scope: (attestation) => attestation.scope,
    valid_until: (attestation) => attestation.validUntil,
  },
  parse: (body) => Attestation.parse(body),
}

export function attestations(session: Session): Listed<Attestation> {
  return listedRows(session, attestationTable)
}

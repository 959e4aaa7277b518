import { RunConsent } from '@upkeep/contract/run-consent'
import type { Session } from '../session.ts'
import type { Listed } from '../store.ts'
import { listedRows } from './listed-rows.ts'
import type { RecordTable } from './record-table.ts'

export const consentTable: RecordTable<RunConsent> = {
  type: 'consent',
  name: 'consents',
  columns: { subject: (consent) => consent.subject.id },
  parse: (body) => RunConsent.parse(body),
}

export function consents(session: Session): Listed<RunConsent> {
  return listedRows(session, consentTable)
}

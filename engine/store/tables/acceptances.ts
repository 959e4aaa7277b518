import { Acceptance } from '@upkeep/contract/finding'
import type { Session } from '../session.ts'
import type { Listed } from '../store.ts'
import { listedRows } from './listed-rows.ts'
import type { RecordTable } from './record-table.ts'

export const acceptanceTable: RecordTable<Acceptance> = {
  type: 'acceptance',
  name: 'acceptances',
  columns: { fingerprint: (acceptance) => acceptance.fingerprint, until: (acceptance) => acceptance.until },
  parse: (body) => Acceptance.parse(body),
}

export function acceptances(session: Session): Listed<Acceptance> {
  return listedRows(session, acceptanceTable)
}

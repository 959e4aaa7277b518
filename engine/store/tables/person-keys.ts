import { PersonKey } from '@upkeep/contract/person-key'
import type { Session } from '../session.ts'
import type { Listed } from '../store.ts'
import { listedRows } from './listed-rows.ts'
import type { RecordTable } from './record-table.ts'

export const personKeyTable: RecordTable<PersonKey> = {
  type: 'person-key',
  name: 'person_keys',
  columns: { person: (key) => key.person },
  parse: (body) => PersonKey.parse(body),
}

export function personKeys(session: Session): Listed<PersonKey> {
  return listedRows(session, personKeyTable)
}

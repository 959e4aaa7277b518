import { Finding } from '@upkeep/contract/finding'
import { sql } from 'kysely'
import type { Session } from '../session.ts'
import type { Findings } from '../store.ts'
import { columnText, type RecordTable, recordRows } from './record-table.ts'

export const findingTable: RecordTable<Finding> = {
  type: 'finding',
  name: 'findings',
  columns: {
    fingerprint: (finding) => finding.statement.fingerprint,
    duty: (finding) => finding.statement.duty,
    state: (finding) => finding.state,
    at: (finding) => finding.at,
  },
  parse: (body) => Finding.parse(body),
}

export function findings(session: Session): Findings {
  const { read, ...rows } = recordRows(session, findingTable)
  return {
    ...rows,
    current: () =>
      read(
        sql`select id, body from findings where seq in (select max(seq) from findings group by fingerprint) order by seq`,
      ),
    history: (fingerprint) =>
      read(sql`select id, body from findings where fingerprint = ${columnText(fingerprint)} order by seq`),
  }
}

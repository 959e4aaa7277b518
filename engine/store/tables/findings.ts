import { Finding } from '@upkeep/contract/finding'
import { sql } from 'kysely'
import type { Session } from '../session.ts'
import type { Findings, FindingTurn } from '../store.ts'
import { type BodyRow, columnText, parseBody, type RecordTable, recordRows } from './record-table.ts'

const perPage = 5_000

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
    cameBack: async () => {
      const { rows } = await sql<FindingTurn>`select fingerprint, state, at from findings
        where fingerprint in (select fingerprint from findings where state = 'reopened') order by seq`.execute(
        session.db,
      )
      return rows
    },
    since: async (place) => {
      const found: Finding[] = []
      const last = await lastPlace(session)
      for (let from = place; from < last; ) {
        const { rows } = await newestBetween(from, last).execute(session.db)
        found.push(...rows.map((row) => parseBody(findingTable, row)))
        from = rows.length < perPage ? last : Number(rows.at(-1)?.seq ?? last)
      }
      return { last, findings: found }
    },
  }
}

async function lastPlace({ db }: Session): Promise<number> {
  const { rows } = await sql<{ last: number | string | null }>`select max(seq) as last from findings`.execute(db)
  return Number(rows[0]?.last ?? 0)
}

/** Page by page: the bodies of a large fleet at once would take more memory than what is read from them. */
function newestBetween(from: number, last: number) {
  return sql<BodyRow & { seq: number | string }>`select seq, id, body from findings as one
    where seq > ${from} and seq <= ${last} and not exists (
      select 1 from findings as later
      where later.fingerprint = one.fingerprint and later.seq > one.seq and later.seq <= ${last})
    order by seq limit ${perPage}`
}

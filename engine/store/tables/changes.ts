import { ChangeStep } from '@upkeep/contract/change-step'
import { sql } from 'kysely'
import type { Session } from '../session.ts'
import type { Changes } from '../store.ts'
import { type BodyRow, columnText, type RecordTable, recordRows } from './record-table.ts'

export const changeTable: RecordTable<ChangeStep> = {
  type: 'change',
  name: 'change_steps',
  // A second worker that takes the same step fails here, whatever it believes of its lease.
  columns: { change_id: (step) => step.change, place: (step) => `${step.change}#${step.seq}`, step: (step) => step.is },
  parse: (body) => ChangeStep.parse(body),
}

export function changes(session: Session): Changes {
  const { read, ...rows } = recordRows(session, changeTable)
  const ids = async (query: ReturnType<typeof sql<{ change_id: string }>>) =>
    (await query.execute(session.db)).rows.map((row) => row.change_id)
  return {
    ...rows,
    steps: (change) =>
      read(sql<BodyRow>`select id, body from change_steps where change_id = ${columnText(change)} order by seq`),
    open: () =>
      ids(
        // What was told of a change after its end opens it no more.
        sql`select change_id from change_steps as last where step not in ('closed', 'notified')
          and seq = (select max(seq) from change_steps where change_id = last.change_id and step <> 'notified')
          order by change_id`,
      ),
    list: ({ limit = 1_000, offset = 0 } = {}) =>
      ids(
        sql`select change_id from change_steps where step = 'proposed' order by seq desc limit ${limit} offset ${offset}`,
      ),
  }
}

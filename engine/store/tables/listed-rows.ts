import { sql } from 'kysely'
import type { Session } from '../session.ts'
import type { Listed } from '../store.ts'
import { type RecordTable, recordRows } from './record-table.ts'

/** A record table of which all records are wanted at once, oldest first. */
export function listedRows<Item extends { readonly id: string }>(
  session: Session,
  table: RecordTable<Item>,
): Listed<Item> {
  const { read, ...rows } = recordRows(session, table)
  return { ...rows, list: () => read(sql`select id, body from ${sql.table(table.name)} order by seq`) }
}

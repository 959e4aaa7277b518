import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Who saw that a message was given up. A table of its own: the log of before is left as it is. */
export const seenDeliveries: Migration = {
  name: '010-seen-deliveries',
  up: async (db, { tableOptions }) => {
    await sql`create table seen_deliveries (
      delivery_id text not null primary key, person text not null, at text not null) ${sql.raw(tableOptions)}`.execute(
      db,
    )
  },
}

import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** The ticket of each change, and how it was last seen. No record: nothing that is done in a ticket decides anything. */
export const tickets: Migration = {
  name: '009-tickets',
  up: async (db, { tableOptions }) => {
    await sql`create table tickets (
      change_id text not null primary key, tracker text not null, via text not null, opening text not null, told integer not null,
      ref text, key text, url text, state text, status text, closed_by text, comments integer, seen_at text, why text not null, sealed text not null) ${sql.raw(tableOptions)}`.execute(
      db,
    )
  },
}

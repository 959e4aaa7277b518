import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Writes that a caller gave a name to, so that the same one is not done twice. Kept for a while, and no record. */
export const requests: Migration = {
  name: '006-requests',
  up: async (db, { tableOptions }) => {
    await sql`create table requests (
      id text not null primary key, asked text not null, process text not null, commits integer not null,
      answer text, at text not null) ${sql.raw(tableOptions)}`.execute(db)
  },
}

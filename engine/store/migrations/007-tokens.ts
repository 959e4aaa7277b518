import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** What programs show at the HTTP door, by digest. No record: who made one and who ended it is sealed as an attestation. */
export const tokens: Migration = {
  name: '007-tokens',
  up: async (db, { tableOptions }) => {
    await sql`create table tokens (
      name text not null primary key, digest text not null unique, role text not null, operations text, made_by text not null,
      at text not null, until text not null, revoked_at text, used_at text) ${sql.raw(tableOptions)}`.execute(db)
  },
}

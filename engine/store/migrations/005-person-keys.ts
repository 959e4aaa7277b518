import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** The keys by which persons approve: a sealed record each. */
export const personKeys: Migration = {
  name: '005-person-keys',
  up: async (db, { sequenceColumn, tableOptions }) => {
    await sql`create table person_keys (
      seq ${sql.raw(sequenceColumn)}, id text not null unique, body text not null, person text not null) ${sql.raw(tableOptions)}`.execute(
      db,
    )
  },
}

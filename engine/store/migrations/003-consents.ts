import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** What persons let be run in the sandbox: a sealed record each. */
export const consents: Migration = {
  name: '003-consents',
  up: async (db, { sequenceColumn, tableOptions }) => {
    await sql`create table consents (
      seq ${sql.raw(sequenceColumn)}, id text not null unique, body text not null, subject text not null) ${sql.raw(tableOptions)}`.execute(
      db,
    )
    await sql`create index consents_subject_seq_index on consents (subject, seq)`.execute(db)
  },
}

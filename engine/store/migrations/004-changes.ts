import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** The steps of changes: a sealed record each, and no step of a change twice. */
export const changes: Migration = {
  name: '004-changes',
  up: async (db, { sequenceColumn, tableOptions }) => {
    await sql`create table change_steps (
      seq ${sql.raw(sequenceColumn)}, id text not null unique, body text not null, change_id text not null,
      place text not null unique, step text not null) ${sql.raw(tableOptions)}`.execute(db)
    await sql`create index change_steps_change_index on change_steps (change_id, seq)`.execute(db)
    await sql`create index change_steps_step_index on change_steps (step, seq)`.execute(db)
  },
}

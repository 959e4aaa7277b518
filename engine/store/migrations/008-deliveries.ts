import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** What was to be told to whom, and what came of it. No record: that somebody was told of a change is sealed with the change. */
export const deliveries: Migration = {
  name: '008-deliveries',
  up: async (db, { tableOptions, sequenceColumn }) => {
    await sql`create table deliveries (
      seq ${sql.raw(sequenceColumn)}, id text not null unique, at text not null, channel text not null, via text not null, recipient text not null,
      event text not null, thread text not null, opens integer not null, title text not null, state text not null, why text not null,
      attempts integer not null, next_at text, ended_at text, digest text, body text not null) ${sql.raw(tableOptions)}`.execute(
      db,
    )
    await sql`create index deliveries_waiting on deliveries (state, next_at)`.execute(db)
    await sql`create index deliveries_thread on deliveries (channel, thread)`.execute(db)
  },
}

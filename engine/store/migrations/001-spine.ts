import { sql } from 'kysely'
import type { Capabilities, Db } from '../database.ts'
import type { Migration } from './migration.ts'

/** The first schema: objects, sealed records, the ledger, rounds and leases. */
export const spine: Migration = {
  name: '001-spine',
  up: async (db, capabilities) => {
    for (const [table, columns] of Object.entries(tables)) await createTable(db, capabilities, table, columns)
    for (const [table, columns] of indexes) await createIndex(db, table, columns)
  },
}

const record = ['seq $sequence', 'id text not null unique', 'body text not null']

const tables: Readonly<Record<string, readonly string[]>> = {
  objects: ['digest text primary key', 'encoding text not null', 'size integer not null', 'body $bytes not null'],
  runs: [
    ...record,
    'round text not null',
    'duty text not null',
    'outcome text not null',
    'started_at text not null',
    'ended_at text not null',
  ],
  findings: [...record, 'fingerprint text not null', 'duty text not null', 'state text not null', 'at text not null'],
  acceptances: [...record, 'fingerprint text not null', '"until" text not null'],
  baselines: [...record, 'at text not null'],
  attestations: [...record, 'person text not null', 'scope text not null', 'valid_until text not null'],
  keys: [...record, 'at text not null'],
  ledger: [
    'position integer primary key',
    'type text not null',
    'record_id text not null',
    'leaf_hash text not null',
    'at text not null',
  ],
  checkpoints: [
    'seq $sequence',
    'size integer not null',
    'root text not null',
    'at text not null',
    'note text not null',
  ],
  rounds: [
    'seq $sequence',
    'id text not null unique',
    'at text not null',
    'host text not null',
    'pid integer not null',
    'practice integer not null',
    'clock text not null',
    'duties text not null',
    'state text not null',
    'ended_at text',
  ],
  leases: ['name text primary key', 'holder text not null', 'since text not null', '"until" text not null'],
}

const indexes: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ['runs', ['duty', 'outcome', 'seq']],
  ['runs', ['round']],
  ['findings', ['fingerprint', 'seq']],
  ['acceptances', ['fingerprint', 'seq']],
  ['attestations', ['person', 'scope', 'seq']],
  ['ledger', ['record_id']],
  ['rounds', ['state']],
]

async function createTable(db: Db, capabilities: Capabilities, table: string, columns: readonly string[]) {
  const list = columns.map((column) => {
    const typed = column.replace('$sequence', capabilities.sequenceColumn).replace('$bytes', capabilities.bytesType)
    return sql.raw(typed)
  })
  await sql`create table ${sql.table(table)} (${sql.join(list)}) ${sql.raw(capabilities.tableOptions)}`.execute(db)
}

async function createIndex(db: Db, table: string, columns: readonly string[]) {
  const list = columns.map((column) => sql.ref(column))
  await sql`create index ${sql.ref([table, ...columns, 'index'].join('_'))} on ${sql.table(table)} (${sql.join(list)})`.execute(
    db,
  )
}

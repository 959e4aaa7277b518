import type { ColumnType, Generated, Kysely, Transaction } from 'kysely'

/** Columns that every record table has. `seq` is the order of appending; `body` the canonical JSON that all other columns come from. */
interface RecordColumns {
  seq: Generated<number>
  id: string
  body: string
}

/** The schema, as the newest migration leaves it. */
export interface Database {
  schema_versions: { version: number; name: string }
  objects: { digest: string; encoding: string; size: number; body: ColumnType<Uint8Array, Uint8Array, never> }
  runs: RecordColumns & { round: string; duty: string; outcome: string; started_at: string; ended_at: string }
  findings: RecordColumns & { fingerprint: string; duty: string; state: string; at: string }
  acceptances: RecordColumns & { fingerprint: string; until: string }
  baselines: RecordColumns & { at: string }
  attestations: RecordColumns & { person: string; scope: string; valid_until: string }
  consents: RecordColumns & { subject: string }
  change_steps: RecordColumns & { change_id: string; place: string; step: string }
  person_keys: RecordColumns & { person: string }
  keys: RecordColumns & { at: string }
  ledger: { position: number; type: string; record_id: string; leaf_hash: string; at: string }
  checkpoints: { seq: Generated<number>; size: number; root: string; at: string; note: string }
  rounds: {
    seq: Generated<number>
    id: string
    at: string
    host: string
    pid: number
    practice: number
    clock: string
    duties: string
    state: string
    ended_at: string | null
  }
  requests: { id: string; asked: string; process: string; commits: number; answer: string | null; at: string }
  tokens: {
    name: string
    digest: string
    role: string
    operations: string | null
    made_by: string
    at: string
    until: string
    revoked_at: string | null
    used_at: string | null
  }
  deliveries: {
    seq: Generated<number>
    id: string
    at: string
    channel: string
    via: string
    recipient: string
    event: string
    thread: string
    opens: number
    title: string
    state: string
    why: string
    attempts: number
    next_at: string | null
    ended_at: string | null
    digest: string | null
    body: string
  }
  seen_deliveries: {
    delivery_id: string
    person: string
    at: string
  }
  tickets: {
    change_id: string
    tracker: string
    via: string
    opening: string
    told: number
    ref: string | null
    key: string | null
    url: string | null
    state: string | null
    status: string | null
    closed_by: string | null
    comments: number | null
    seen_at: string | null
    why: string
    sealed: string
  }
  leases: { name: string; holder: string; since: string; until: string }
}

/** A connection to the schema: the database itself, or one transaction in it. */
export type Db = Kysely<Database> | Transaction<Database>

/** What differs between the databases. Nothing outside `dialects/` asks which one it is. */
export interface Capabilities {
  readonly kind: 'sqlite' | 'postgres'
  readonly bytesType: 'blob' | 'bytea'
  /** Ends each `create table`. */
  readonly tableOptions: string
  /** The column that numbers the rows of a table in the order of insertion. */
  readonly sequenceColumn: string
  /** Parameters that one statement may carry. */
  readonly maxParameters: number
  tableExists(db: Db, table: string): Promise<boolean>
  /** Makes this transaction the only one that writes, before it reads. */
  lockForWriting(db: Db): Promise<void>
  /** Turns an error that the person can do something about into a UserError; any other is handed back as it is. */
  explain(error: unknown): unknown
}

/** An open database and what it can do. */
export interface OpenDatabase {
  readonly db: Kysely<Database>
  readonly capabilities: Capabilities
}

import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Capabilities, Database, Db, OpenDatabase } from '../../database.ts'
import { busyError, connectionError, explain, isLockTimeout } from './postgres-errors.ts'

/** The advisory lock that a writer of this schema holds: the first eight bytes of "upkeep", padded. Any constant would do. */
const writerLock = '8462109834075832320'
const waitForWriterSeconds = 60

const postgresCapabilities: Capabilities = {
  kind: 'postgres',
  bytesType: 'bytea',
  tableOptions: '',
  sequenceColumn: 'bigint generated always as identity primary key',
  maxParameters: 60_000,
  tableExists: async (db, table) => {
    // Not to_regclass: it may answer from a cache of before the wait for the writer, and say no to what that writer has just made.
    const found = await sql`select 1 from pg_catalog.pg_class
      where relname = ${table} and relnamespace = current_schema()::regnamespace`.execute(db)
    return found.rows.length > 0
  },
  lockForWriting,
  explain,
}

/** Opens a PostgreSQL database. The driver loads here and nowhere else. */
export async function openPostgres(postgresUrl: string): Promise<OpenDatabase> {
  const { Pool } = await import('pg')
  const pool = new Pool({
    connectionString: postgresUrl,
    max: 4,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'upkeep',
    // A process that was suspended inside a transaction must not keep all others from writing.
    idle_in_transaction_session_timeout: 120_000,
  })
  // An idle connection that the server ends must not end this process; the next query opens another.
  pool.on('error', () => {})
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw connectionError(error)
  }
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return { db, capabilities: postgresCapabilities }
}

/**
 * One writer at a time, as in SQLite: no transaction is ever asked to start over, and the order of appending is the order of committing.
 * Statements after the lock see what the writer before committed (read committed takes its view anew for each).
 */
async function lockForWriting(db: Db): Promise<void> {
  await sql`select set_config('lock_timeout', ${`${waitForWriterSeconds}s`}, true)`.execute(db)
  try {
    await sql`select pg_advisory_xact_lock(${writerLock}::bigint)`.execute(db)
  } catch (error) {
    throw isLockTimeout(error) ? busyError() : error
  }
}

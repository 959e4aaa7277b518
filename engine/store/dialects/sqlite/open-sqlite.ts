import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely'
import type { Capabilities, Database, OpenDatabase } from '../../database.ts'
import { loadSqlite } from './load-sqlite.ts'
import { SqliteDriver } from './sqlite-driver.ts'
import { asUserError, isBusy } from './sqlite-errors.ts'
import { prepareStateFolder } from './state-folder.ts'

const sqliteCapabilities: Capabilities = {
  kind: 'sqlite',
  bytesType: 'blob',
  tableOptions: 'strict',
  sequenceColumn: 'integer primary key autoincrement',
  maxParameters: 32_000,
  tableExists: async (db, table) => {
    const found = await sql`select 1 from sqlite_master where type = 'table' and name = ${table}`.execute(db)
    return found.rows.length > 0
  },
  // The driver begins every transaction as the writer.
  lockForWriting: async () => {},
  // The driver has explained it where it happened.
  explain: (error) => error,
}

/** Opens `state.db` in the state folder: write-ahead log, and every commit on the disk before it is reported. */
export async function openSqlite(stateDir: string): Promise<OpenDatabase> {
  const path = prepareStateFolder(stateDir)
  const { DatabaseSync } = loadSqlite()
  const database = new DatabaseSync(path, { timeout: 5_000 })
  try {
    await configure(database)
  } catch (error) {
    database.close()
    throw asUserError(error)
  }
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new SqliteDriver(database),
      createIntrospector: (of) => new SqliteIntrospector(of),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
  return { db, capabilities: sqliteCapabilities }
}

/** Two processes that open a new file at once both switch it to the write-ahead log; SQLite tells one "busy" without waiting. */
async function configure(database: DatabaseSync): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off')
      return
    } catch (error) {
      if (!isBusy(error) || attempt === 100) throw error
      await sleep(20)
    }
  }
}

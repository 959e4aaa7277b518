import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryCompiler, type QueryResult } from 'kysely'
import { asUserError, busyError, isBusy } from './sqlite-errors.ts'

const waitForWriterSeconds = 60
const keptStatements = 100

/** Runs compiled queries on one `node:sqlite` connection. Kysely hands it to one query or transaction at a time. */
export class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection

  constructor(database: DatabaseSync) {
    this.#connection = new SqliteConnection(database)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  /** `immediate`: takes the write lock at once, so that a transaction never fails half way because another wrote meanwhile. */
  async beginTransaction(): Promise<void> {
    const end = performance.now() + waitForWriterSeconds * 1_000
    for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
      if (this.#connection.tryBegin()) return
      if (performance.now() > end) throw busyError()
      await sleep(pauseMs)
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  /** SQLite has rolled back by itself after some errors (full disk); a second rollback would hide the first error. */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.inTransaction()) await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async savepoint(
    connection: DatabaseConnection,
    name: string,
    _compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint "${name}"`))
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to "${name}"`))
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release "${name}"`))
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#connection.close()
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** False when another connection is writing. Answers at once: waiting inside SQLite would stop this whole process. */
  tryBegin(): boolean {
    this.#database.exec('pragma busy_timeout = 0')
    try {
      this.#database.exec('begin immediate')
      return true
    } catch (error) {
      if (isBusy(error)) return false
      throw asUserError(error)
    } finally {
      this.#database.exec('pragma busy_timeout = 5000')
    }
  }

  inTransaction(): boolean {
    return this.#database.isTransaction
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      return runStatement(this.#prepare(query.sql), query.parameters.map(toInput))
    } catch (error) {
      throw asUserError(error)
    }
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator, and nothing here reads by stream.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('the SQLite driver does not stream')
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  /** Bulk inserts repeat one text many times; preparing it once is most of the gain. */
  #prepare(sql: string): StatementSync {
    const kept = this.#statements.get(sql)
    if (kept) return kept
    if (this.#statements.size >= keptStatements) this.#statements.clear()
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

function runStatement<Row>(statement: StatementSync, inputs: SQLInputValue[]): QueryResult<Row> {
  if (statement.columns().length > 0) {
    // What a row holds is stated by the query's own type, here as in every Kysely driver.
    const rows: unknown[] = statement.all(...inputs)
    return { rows: rows as Row[] }
  }
  const { changes } = statement.run(...inputs)
  return { rows: [], numAffectedRows: BigInt(changes) }
}

function toInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array)
    return value
  throw new TypeError(`a ${typeof value} cannot be stored in SQLite`)
}

import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { loadSqlite } from './load-sqlite.ts'
import { SqliteDriver } from './sqlite-driver.ts'

const { DatabaseSync } = loadSqlite()
const opened: Kysely<Record<string, never>>[] = []
afterEach(async () => {
  for (const db of opened.splice(0)) await db.destroy()
})

function open(prepare: string) {
  const database = new DatabaseSync(':memory:')
  database.exec(prepare)
  const db = new Kysely<Record<string, never>>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new SqliteDriver(database),
      createIntrospector: (of) => new SqliteIntrospector(of),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
  opened.push(db)
  return db
}

test('a full disk in a transaction undoes it and says so, and the connection works on', async () => {
  const db = open('create table t (body text) strict; pragma max_page_count = 20')
  const filling = db.transaction().execute(async (tx) => {
    for (let index = 0; index < 100; index += 1) await sql`insert into t values (${'x'.repeat(3_000)})`.execute(tx)
  })
  await expect(filling).rejects.toMatchObject({ code: 'state-unusable', message: 'The disk is full.' })
  expect((await sql<{ n: number }>`select count(*) as n from t`.execute(db)).rows).toEqual([{ n: 0 }])
  await db.transaction().execute((tx) => sql`insert into t values ('small')`.execute(tx))
})

test('a database that cannot be written says so', async () => {
  const db = open('create table t (body text) strict; pragma query_only = on')
  await expect(sql`insert into t values ('x')`.execute(db)).rejects.toMatchObject({ code: 'state-unusable' })
})

test('a mistake of ours stays what it is', async () => {
  const db = open('create table t (body text) strict')
  const error = await sql`insert into t values (1, 2)`.execute(db).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(Error)
  expect(error.code).toBe('ERR_SQLITE_ERROR')
  await expect(sql`insert into t values (${{ not: 'bindable' }})`.execute(db)).rejects.toThrow(TypeError)
})

import { runChild } from '@upkeep/lab/postgres/child-process'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { tamper } from '@upkeep/lab/postgres/tamper'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { OpenDatabase } from '../database.ts'
import { openPostgres } from '../dialects/postgres/open-postgres.ts'
import { openSqlite } from '../dialects/sqlite/open-sqlite.ts'
import type { StorePlace } from '../store.ts'
import { migrate, migrations } from './migrate.ts'
import type { Migration } from './migration.ts'

const first: Migration = { name: '001-first', up: (db) => run(db, 'create table one (id integer)') }
const second: Migration = { name: '002-second', up: (db) => run(db, 'create table two (id integer)') }
const failing: Migration = {
  name: '003-failing',
  up: async (db) => {
    await run(db, 'create table three (id integer)')
    throw new Error('no')
  },
}

async function run(db: Parameters<Migration['up']>[0], statement: string): Promise<void> {
  await sql.raw(statement).execute(db)
}

async function using(place: StorePlace, fn: (database: OpenDatabase) => Promise<void>): Promise<void> {
  const database = await ('stateDir' in place ? openSqlite(place.stateDir) : openPostgres(place.postgresUrl))
  await fn(database).finally(() => database.db.destroy())
}

onBothDatabases('migrations', (bench) => {
  test('steps are taken once, in order, and recorded', async () => {
    await using(await bench.newPlace(), async (database) => {
      await migrate(database, [first])
      await migrate(database, [first, second])
      await migrate(database, [first, second])
      const taken = await database.db.selectFrom('schema_versions').selectAll().orderBy('version').execute()
      expect(taken).toEqual([
        { version: 1, name: '001-first' },
        { version: 2, name: '002-second' },
      ])
      expect(await database.capabilities.tableExists(database.db, 'two')).toBe(true)
    })
  })

  test('a step that fails leaves the schema as it was', async () => {
    await using(await bench.newPlace(), async (database) => {
      await migrate(database, [first])
      await expect(migrate(database, [first, second, failing])).rejects.toThrow('no')
      const { db, capabilities } = database
      const found = await Promise.all(['one', 'two', 'three'].map((table) => capabilities.tableExists(db, table)))
      expect(found).toEqual([true, false, false])
    })
  })

  test('a state of a newer version is refused and left alone', async () => {
    const place = await bench.newPlace()
    await (await bench.open(place)).close()
    await tamper(place, `insert into schema_versions (version, name) values (${migrations.length + 1}, '999-later')`)
    await expect(bench.open(place)).rejects.toMatchObject({ code: 'state-newer' })
    await tamper(place, `delete from schema_versions where name = '999-later'`)
    expect(await (await bench.open(place)).ledger.size()).toBe(0)
  })

  test('a step of another name in the place of ours counts as newer', async () => {
    const place = await bench.newPlace()
    await (await bench.open(place)).close()
    await tamper(place, `update schema_versions set name = '001-other'`)
    await expect(bench.open(place)).rejects.toMatchObject({ code: 'state-newer' })
  })

  test('processes that open a new state at once all work', async () => {
    const place = await bench.newPlace()
    const code = `
      const store = await openStore(place)
      await store.ledger.append([{ type: 'run', recordId: 'r', leafHash: 'ab', at: '2026-11-22T09:30:00.000Z' }])
      await store.close()
    `
    const children = Array.from({ length: 4 }, () => runChild(place, code))
    expect(await Promise.all(children.map((child) => child.ended()))).toEqual([0, 0, 0, 0])
    expect(await (await bench.open(place)).ledger.size()).toBe(4)
  })
})

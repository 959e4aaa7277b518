import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Acceptance, Attestation, Baseline, type ChangeStep, fleet } from '@upkeep/contract'
import { PersonKey } from '@upkeep/contract/person-key'
import { RunConsent } from '@upkeep/contract/run-consent'
import { digestOf } from '@upkeep/domain/canonical-json'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { tamper } from '@upkeep/lab/postgres/tamper'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenDatabase } from '../store/database.ts'
import { openPostgres } from '../store/dialects/postgres/open-postgres.ts'
import { openSqlite } from '../store/dialects/sqlite/open-sqlite.ts'
import { migrate, migrations } from '../store/migrations/migrate.ts'
import { storeOn } from '../store/open-database.ts'
import { rootSession } from '../store/session.ts'
import type { Store, StorePlace } from '../store/store.ts'
import { exportPack } from './export-pack.ts'
import { openKeyring } from './keyring.ts'
import { seal } from './seal.ts'
import { type MadeStore, minute, sealRound } from './testing/made-store.ts'
import { verifyStore } from './verify-store.ts'

const at = minute(1)
const until = minute(50)
const digest = 'a'.repeat(64)
const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
const head = (id: string) => ({ id, at, signer })

/** What an installation of each version had written: for each step of the schema what came with it. A step without rows fails the test. */
const written: readonly ((made: MadeStore, database: OpenDatabase) => Promise<void>)[] = [
  async (made) => {
    const { store } = made
    await store.rounds.begin({ id: 'round-1', at, host: 'h', pid: 1, practice: false, clock: 'system', duties: [] })
    await store.rounds.finish('round-1', minute(2))
    await store.leases.acquire({ name: 'scan', holder: 'one', ttlSeconds: 60, now: at })
    for (const count of [1, 2]) await sealRound(made, count)
    const acceptance = Acceptance.parse({ ...head('a1'), fingerprint: 'f1', reason: 'r', until, withdraws: null })
    const baseline = Baseline.parse({ ...head('b1'), reason: 'r', servers: [{ subject: fleet, approved: null }] })
    const about = {
      scope: 's',
      statement: 'seen',
      evidence: [],
      limits: '',
      person: 'ada',
      role: 'admin',
      revokes: null,
    }
    const attestation = Attestation.parse({ ...head('t1'), ...about, validUntil: until })
    await sealed(made, async (tx) => {
      await tx.acceptances.append(acceptance)
      await tx.baselines.append(baseline)
      await tx.attestations.append(attestation)
      return [
        { type: 'acceptance', record: acceptance },
        { type: 'baseline', record: baseline },
        { type: 'attestation', record: attestation },
      ]
    })
  },
  async (_made, { db }) => {
    await sql`insert into component_sets values ('set', 'npm:left', '1.0.0', 'manifest')`.execute(db)
    await sql`insert into observed_components values (${digest}, 'set', 'whole')`.execute(db)
  },
  async (made) => {
    const bytes = { command: digest, bytes: digest, shown: 'node x.js' }
    const consent = RunConsent.parse({ ...head('c1'), subject: fleet, ...bytes, withdraws: null })
    await sealed(made, async (tx) => {
      await tx.consents.append(consent)
      return [{ type: 'consent', record: consent }]
    })
  },
  async (made) => {
    const step: ChangeStep = { id: 's0', at, change: 'change-1', seq: 0, is: 'applied' }
    await sealed(made, async (tx) => {
      await tx.changes.append(step)
      return [{ type: 'change', record: step }]
    })
  },
  async (made) => {
    const key = PersonKey.parse({ ...head('k1'), person: 'ada', key: 'k', replaces: null, proof: 'p', vouched: null })
    await sealed(made, async (tx) => {
      await tx.personKeys.append(key)
      return [{ type: 'person-key', record: key }]
    })
  },
  async ({ store }) => {
    await store.requests.begin({ id: 'request', asked: 'a', process: 'p', at })
    await store.requests.end('request', '{}')
  },
  async ({ store }) => {
    await store.tokens.add({ name: 'ci', digest, role: 'viewer', operations: ['scan'], madeBy: 'ada', at, until })
  },
  async (_made, { db }) => {
    await sql`insert into deliveries (id, at, channel, via, recipient, event, thread, opens, title, state, why, attempts, body)
      values ('d1', ${at}, 'c', 'webhook', 'r', 'alarm', 't', 1, 'title', 'waiting', '', 0, '{}')`.execute(db)
  },
  async (_made, { db }) => {
    await sql`insert into tickets (change_id, tracker, via, opening, told, why, sealed)
      values ('change-1', 't', 'github', '{}', 1, '', '{}')`.execute(db)
  },
  async ({ store }) => store.deliveries.see(['d1'], { person: 'ada', at }),
]

type Sealables = Parameters<typeof seal>[2]

async function sealed({ store, keyring }: MadeStore, append: (tx: Store) => Promise<Sealables>): Promise<void> {
  await store.transaction(async (tx) => {
    await seal(tx, keyring, await append(tx), minute(3))
  })
}

/** Every row of every table, as text, sorted. */
async function rowsOf({ db, capabilities }: OpenDatabase): Promise<Map<string, string[]>> {
  const names =
    capabilities.kind === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
      : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`
  const rows = new Map<string, string[]>()
  for (const { name } of (await names.execute(db)).rows) {
    const all = await sql`select * from ${sql.table(name)}`.execute(db)
    rows.set(name, all.rows.map((row) => JSON.stringify(row)).sort())
  }
  rows.delete('schema_versions')
  return rows
}

const versions = migrations.slice(0, -1).map((step, index) => [step.name, index + 1] as const)

test('each step of the schema has what it brought among what is tried', () => {
  expect(written).toHaveLength(migrations.length)
})

test('no step that was published is another one now: a state that took it would not have what today’s has', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'upkeep-steps-'))
  const database = await openSqlite(stateDir)
  const schemas: string[] = []
  for (const [index, { name }] of migrations.entries()) {
    await migrate(database, migrations.slice(0, index + 1))
    const { rows } = await sql<{ sql: string | null }>`select sql from sqlite_master order by name`.execute(database.db)
    schemas.push(`${name} ${digestOf(rows.map((row) => row.sql?.replaceAll(/\s+/g, ' ') ?? null)).slice(0, 16)}`)
  }
  await database.db.destroy()
  rmSync(stateDir, { recursive: true, force: true })
  expect(schemas).toMatchInlineSnapshot(`
    [
      "001-spine f8a7e45fe809a0be",
      "002-components b83a30b6b2544a56",
      "003-consents 3ceed3dcd9aab1ed",
      "004-changes 659c0664871c91d9",
      "005-person-keys 3fc55bf3176b3817",
      "006-requests 2952155e023714e2",
      "007-tokens 920d9b2e520a0439",
      "008-deliveries f5817e24231da0af",
      "009-tickets 7ee24cf374054c60",
      "010-seen-deliveries 5f9eb6966de10425",
    ]
  `)
})

onBothDatabases('an upgrade', (bench) => {
  let stateDir: string
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'upkeep-upgrade-'))
  })
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }))
  const keyring = () => openKeyring({ stateDir, practice: false })

  async function using<Result>(place: StorePlace, work: (database: OpenDatabase) => Promise<Result>): Promise<Result> {
    const database = await ('stateDir' in place ? openSqlite(place.stateDir) : openPostgres(place.postgresUrl))
    return work(database).finally(() => database.db.destroy())
  }

  /** A state as the version with so many steps left it. */
  async function stateOf(place: StorePlace, steps: number): Promise<Map<string, string[]>> {
    return using(place, async (database) => {
      await migrate(database, migrations.slice(0, steps))
      const made = { stateDir, keyring: keyring(), store: storeOn(rootSession(database), async () => {}) }
      for (const write of written.slice(0, steps)) await write(made, database)
      const rows = await rowsOf(database)
      for (const [name, all] of rows) expect([name, all.length > 0]).toEqual([name, true])
      return rows
    })
  }

  test.each(versions)('from %s: nothing is lost, what was sealed verifies, and it goes on', async (_name, steps) => {
    const place = await bench.newPlace()
    const before = await stateOf(place, steps)
    const store = await bench.open(place)
    const after = await using(place, rowsOf)
    for (const [name, rows] of before) expect([name, after.get(name)]).toEqual([name, rows])
    expect(after.size).toBeGreaterThan(before.size)
    expect(await verifyStore(store)).toMatchObject({ problems: [] })
    await sealRound({ stateDir, store, keyring: keyring() }, 9)
    const verified = await verifyStore(store)
    expect(verified).toMatchObject({ problems: [] })
    expect((await store.findings.current()).length).toBe(3)
    expect(await packOf(store)).toContain('"finding-9"')
  })

  test('a state of a newer version is refused with what to do, and is as it was', async () => {
    const place = await bench.newPlace()
    await stateOf(place, migrations.length)
    await tamper(place, `insert into schema_versions (version, name) values (${migrations.length + 1}, '999-later')`)
    const before = await using(place, rowsOf)
    await expect(bench.open(place)).rejects.toMatchObject({
      code: 'state-newer',
      message: expect.stringContaining('written by a newer version'),
      action: expect.stringContaining('Use the newer version'),
    })
    expect(await using(place, rowsOf)).toEqual(before)
  })
})

async function packOf(store: Store): Promise<string> {
  let text = ''
  await exportPack(store, { exportedAt: minute(59) }, (piece) => {
    text += piece
  })
  return text
}

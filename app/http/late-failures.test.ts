import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore } from '@upkeep/engine/store/open-store'
import type { Store } from '@upkeep/engine/store/store'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Served, served } from './served.cases.ts'

// A write that fails says what of it is recorded, at every door. The failures are the database's own.
let door: Served
beforeAll(async () => {
  door = await served(homeOf)
  await door.atTerminal('scan', { duties: ['health-checks'] })
}, 60_000)
afterAll(() => door.stop())
// One change at a time holds the file.
afterEach(async () => {
  const open = await inStore((store) => store.changes.open())
  for (const change of open) await door.atTerminal('changes', { change, abandon: true, reason: 'tried in a test' })
})

function homeOf(home: string): void {
  mkdirSync(join(home, '.cursor'))
  const mcpServers = { plain: { command: 'node', args: [join(home, 'plain.js')] } }
  writeFileSync(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers }))
}

const Failed = z.object({ code: z.string(), means: z.string() })
type Failed = z.infer<typeof Failed>

const asked = { what: ['plain'], disable: true, propose: true }
let keys = 0

const doors: Record<string, () => Promise<Failed>> = {
  'the command line': async () => {
    const main = join(import.meta.dirname, '..', 'cli', 'main.ts')
    const words = [main, 'fix', 'plain', '--disable', '--propose', '--json']
    const env = { PATH: process.env.PATH, HOME: door.home, UPKEEP_HOME: door.state }
    const { stderr } = spawnSync(process.execPath, words, { cwd: door.home, env, encoding: 'utf8' })
    return Failed.parse(JSON.parse(stderr.slice(stderr.indexOf('{'))).error)
  },
  HTTP: () => overHttp({}),
  'HTTP, under a key': () => {
    keys += 1
    return overHttp({ 'idempotency-key': `a-new-name-${keys}` })
  },
}

async function overHttp(headers: Readonly<Record<string, string>>): Promise<Failed> {
  const { code, detail } = Object(await (await door.order('/api/v1/fix', asked, headers)).json())
  return Failed.parse({ code, means: detail })
}

async function inStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore({ stateDir: door.state })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** How many steps of changes are recorded. */
function recorded(): Promise<number> {
  return inStore(async (store) => (await store.records.ids('change')).length)
}

/** Runs something while the database refuses what the trigger says. */
async function refusing<Result>(trigger: string, work: () => Promise<Result>): Promise<Result> {
  inDatabase(`create trigger refuses ${trigger}`)
  try {
    return await work()
  } finally {
    inDatabase('drop trigger refuses')
  }
}

function inDatabase(statement: string): void {
  const database = new DatabaseSync(join(door.state, 'state.db'), { timeout: 5_000 })
  database.exec(statement)
  database.close()
}

describe.each(Object.entries(doors))('a write that fails, over %s', (_, ask) => {
  test('what fails before anything is recorded says that nothing was', async () => {
    const before = await recorded()
    const { code, means } = await refusing("before insert on change_steps begin select raise(abort, 'no'); end", ask)
    expect(code).toBe('defect')
    expect(means).toBe('Nothing of this command was recorded; earlier verdicts stand.')
    expect(await recorded()).toBe(before)
  })

  test('what fails after its first commit says what stands, and where', async () => {
    const before = await recorded()
    const { code, means } = await refusing(
      "before insert on change_steps when new.step <> 'proposed' begin select raise(abort, 'no'); end",
      ask,
    )
    expect(code).toBe('defect')
    expect(means).toContain('Part of it was recorded before that, and stands: see "upkeep changes"')
    expect(means).not.toContain('Nothing')
    expect(await recorded()).toBe(before + 1)
  })

  test('where the commit itself fails it is said to be not known', async () => {
    inDatabase('create table if not exists other (id integer primary key)')
    inDatabase(
      'create table if not exists pointing (other integer references other (id) deferrable initially deferred)',
    )
    const { code, means } = await refusing(
      'after insert on change_steps begin insert into pointing values (1); end',
      ask,
    )
    expect(code).toBe('defect')
    expect(means).toBe('Whether it was recorded is not known: see "upkeep changes".')
  })
})

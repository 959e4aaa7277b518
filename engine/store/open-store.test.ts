import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from './open-store.ts'

/** Runs a module in a fresh process and returns what it printed: the packages it had loaded at each mark. */
function packagesLoaded(body: string, stateDir: string): Record<string, string[]> {
  const code = `
    import { registerHooks } from 'node:module'
    const loaded = new Set()
    registerHooks({ load: (url, context, next) => {
      const name = /node_modules\\/(kysely|pg)\\//.exec(url)?.[1]
      if (name) loaded.add(name)
      return next(url, context)
    } })
    const marks = {}
    const mark = (name) => { marks[name] = [...loaded].sort() }
    const stateDir = process.env.STATE
    ${body}
    console.log(JSON.stringify(marks))
  `
  const env = { ...process.env, STATE: stateDir, NODE_OPTIONS: '' }
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: import.meta.dirname, env })
  // A warning here would stand in the user's terminal.
  expect(String(child.stderr)).toBe('')
  return JSON.parse(String(child.stdout))
}

test('the query builder loads when a store is opened, and a driver only for its own database', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'upkeep-open-'))
  const body = `
    const { openStore } = await import('./open-store.ts')
    mark('imported')
    const store = await openStore({ stateDir })
    await store.close()
    mark('sqlite')
    await openStore({ postgresUrl: 'postgresql://ana@/none?host=/nowhere' }).catch((error) => { marks.code = [error.code] })
    mark('postgres')
  `
  try {
    expect(packagesLoaded(body, stateDir)).toEqual({
      imported: [],
      sqlite: ['kysely'],
      code: ['state-unusable'],
      postgres: ['kysely', 'pg'],
    })
  } finally {
    rmSync(stateDir, { recursive: true })
  }
})

test.each([
  'postgresql://ana:canary-4711@127.0.0.1:1/none',
  'postgresql://ana:canary-4711@bad host/none',
  'postgresql://ana:canary-4711@127.0.0.1:99999999/none',
])('a database that cannot be reached is named without its URL: %#', async (postgresUrl) => {
  const error = await openStore({ postgresUrl }).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'state-unusable' })
  const everything = `${error.stack} ${error.cause} ${JSON.stringify(error)} ${error.action}`
  expect(everything).not.toContain('canary-4711')
  expect(everything).not.toContain('ana')
})

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, served } from './served.cases.ts'

const verifier = resolve(import.meta.dirname, '../../verify/upkeep-verify.mjs')
const route = '/api/v1/evidence/export'
let door: Served
beforeAll(async () => {
  door = await served()
  await door.order('/api/v1/scan', {})
}, 60_000)
afterAll(() => door.stop())

test('an auditor gets the pack that the terminal writes, and a stranger finds it valid', async () => {
  const authorization = `Bearer ${(await door.token({ name: 'auditor', role: 'auditor' })).replace('Bearer ', '')}`
  const answer = await door.ask(route, { cookie: null, headers: { authorization } })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="upkeep-evidence.json"')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const text = await answer.text()
  expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  const path = join(door.home, 'over-http.json')
  writeFileSync(path, text)
  const checked = spawnSync(process.execPath, [verifier, path], { encoding: 'utf8' })
  expect(`${checked.stdout}${checked.stderr}`).toMatch(/^valid\n/)
  const typed = join(door.home, 'typed.json')
  await door.atTerminal('evidence.export', { file: typed })
  const without = (one: string) => one.replace(/"exportedAt":"[^"]*"/, '')
  expect(without(text)).toBe(without(readFileSync(typed, 'utf8')))
  // Nothing of it stays behind.
  expect(existsSync(join(door.state, 'downloads')) ? readdirSync(join(door.state, 'downloads')) : []).toEqual([])
})

test('it can be cut to a duty and a day; a field that it does not have names no file', async () => {
  const one = await (await door.ask(`${route}?duty=health-checks`)).json()
  expect(one).toMatchObject({ scope: { duty: 'health-checks', since: null } })
  const problem = await door.ask(`${route}?file=/tmp/elsewhere.json`)
  expect(problem.status).toBe(400)
  expect(existsSync('/tmp/elsewhere.json')).toBe(false)
  const day = await door.ask(`${route}?since=no-day`)
  expect(await day.json()).toMatchObject({ code: 'bad-input' })
})

test('who is no auditor gets none, and where nothing is sealed it says what to do', async () => {
  const authorization = await door.token({ name: 'looker', role: 'operator' })
  expect((await door.ask(route, { cookie: null, headers: { authorization } })).status).toBe(403)
  expect((await door.ask(route, { cookie: null })).status).toBe(401)
  const empty = await served()
  try {
    expect(await (await empty.ask(route)).json()).toMatchObject({ code: 'not-found' })
  } finally {
    await empty.stop()
  }
}, 60_000)

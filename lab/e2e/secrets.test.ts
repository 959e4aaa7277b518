import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leaksIn } from './canaries.ts'
import { type Installation, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { everythingSaid, scan } from './product.ts'
import { canaries, secretAt, secretFiles } from './secret-home.ts'
import { allStoredText } from './state-database.ts'

let installation: Installation
const env = { MCP_TOKEN: secretAt('token by reference') }
beforeAll(async () => {
  installation = newInstallation()
  writeFiles(installation.home, secretFiles)
  const target = 'version: 1\nprobe:\n  - url: http://127.0.0.1:9/mcp\n    name: dead\n    token: env:MCP_TOKEN\n'
  writeFiles(installation.cwd, { 'upkeep.yaml': target })
  await scan(installation, ['--probe'], { env })
})
afterAll(() => removeInstallation(installation))

test('the search finds a canary in every form it looks for', () => {
  const [canary] = canaries
  const forms = [
    canary?.text ?? '',
    encodeURIComponent(canary?.text ?? ''),
    Buffer.from(`..${canary?.text}`).toString('base64'),
  ]
  for (const form of forms) expect(leaksIn(`before ${form} after`, canaries)).not.toEqual([])
  expect(leaksIn('nothing here', canaries)).toEqual([])
})

test('the home was read: its servers are listed', async () => {
  const listed = (await upkeep(installation, ['servers', '--json'])).stdout
  for (const name of ['one', 'two', 'three', 'four']) expect(listed).toContain(`"${name}"`)
})

test('no canary in the state folder', () => {
  const stored = readdirSync(installation.stateDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  expect(stored.length).toBeGreaterThan(0)
  for (const path of stored) expect([path, leaksIn(readFileSync(path, 'latin1'), canaries)]).toEqual([path, []])
  expect(leaksIn(allStoredText(installation), canaries)).toEqual([])
})

test('no canary in anything it says or exports', async () => {
  for (const [asked, text] of await everythingSaid(installation)) {
    expect([asked, leaksIn(text, canaries)]).toEqual([asked, []])
  }
})

test('no canary in what it prints with --debug and --verbose', async () => {
  const result = await upkeep(installation, ['scan', '--probe', '--debug', '--verbose'], { env })
  expect(leaksIn(result.stdout + result.stderr, canaries)).toEqual([])
})

test('no canary when upkeep.yaml is wrong where a secret was put', async () => {
  const path = join(installation.cwd, 'upkeep.yaml')
  const right = readFileSync(path, 'utf8')
  appendFileSync(path, `    password: ${secretAt('env, short name')}\n`)
  const result = await upkeep(installation, ['scan', '--debug'])
  writeFileSync(path, right)
  expect(result.exitCode).toBe(2)
  expect(leaksIn(result.stdout + result.stderr, canaries)).toEqual([])
})

test('no canary when it crashes', async () => {
  const state = join(installation.stateDir, 'state.db')
  writeFileSync(state, `not a database ${secretAt('env, short name')}`)
  const result = await upkeep(installation, ['scan', '--debug'], { env })
  expect([2, 70]).toContain(result.exitCode)
  expect(leaksIn(result.stdout + result.stderr, canaries)).toEqual([])
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readContract } from '../maintenance/read-contract.ts'
import { type Served, served } from './served.cases.ts'

let door: Served
beforeAll(async () => {
  door = await served((home) => {
    mkdirSync(join(home, '.cursor'), { recursive: true })
    const entry = (name: string) => ({ command: 'npx', args: ['-y', `${name}@1.0.0`] })
    const mcpServers = { crm: entry('crm'), 'my mail/2': entry('mail'), hidden: entry('hidden') }
    writeFileSync(join(home, '.cursor/mcp.json'), JSON.stringify({ mcpServers }), { mode: 0o600 })
    writeFileSync(
      join(home, 'upkeep.yaml'),
      'version: 1\nservers:\n  - { name: crm, contract: { public: true } }\n  - { name: my mail/2, contract: { public: true } }\n  - { name: hidden, contract: {} }\n',
    )
  })
  await door.atTerminal('scan', {})
  for (const server of ['crm', 'my mail/2', 'hidden']) await door.atTerminal('contract.publish', { server })
}, 60_000)
afterAll(() => door.stop())

const asStranger = (path: string) => door.ask(path, { cookie: null })

test.each(['crm', 'my mail/2'])('everybody gets the contract of %s, which is public', async (name) => {
  const response = await asStranger(`/maintenance/${encodeURIComponent(name)}.json`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  const read = readContract(await response.text())
  expect(read).toMatchObject({ statement: { predicate: { server: { name }, stamps: [] } } })
})

test.each([
  '/maintenance/hidden.json',
  '/maintenance/nobody.json',
  '/maintenance/crm',
  '/maintenance/..%2Fstate.json',
  '/maintenance/',
])('what is not public and what is not there are told apart by nothing: %s', async (path) => {
  const response = await asStranger(path)
  expect(response.status).toBe(404)
  expect(await response.text()).not.toContain('hidden')
})

test('a stranger gets nothing else by it', async () => {
  expect((await asStranger('/api/v1/contract/show?server=crm')).status).toBe(401)
  expect((await asStranger('/api/v1/contract/list')).status).toBe(401)
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startAuthorizationServer } from '@upkeep/lab/servers/authorization-server'
import { issueToken } from '@upkeep/lab/servers/bearer-token'
import type { Running } from '@upkeep/lab/servers/loopback'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { afterEach, expect, test } from 'vitest'
import { changes } from './changes.ts'
import { fix } from './fix.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { undo } from './undo.ts'

const running: Running[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

const files = ['.cursor/mcp.json', '.vscode/mcp.json'] as const

/** Two clients that reach one remote server with the same token, which an issuer of its own gave out. */
async function withToken(options: Parameters<typeof startAuthorizationServer>[0] & { listed?: boolean } = {}) {
  const issuer = await startAuthorizationServer(options)
  const server = await startSdkServer({ authentication: 'bearer', guards: true, issuedBy: issuer })
  running.push(issuer, server)
  const [old, fresh] = [issueToken(issuer.secret, server.url, 3_000), issueToken(issuer.secret, server.url, 3_600)]
  const entry = { url: server.url, headers: { Authorization: `Bearer ${old}`, 'X-Team': 'blue' } }
  const person = { ...presentPerson(), askSecret: async () => fresh }
  const product = testProduct({ FRESH: fresh, WRONG: 'a token that nobody gave out' }, person)
  product.write(files[0], `{\n  // mine\n  "mcpServers": {"crm": ${JSON.stringify(entry)}}\n}\n`)
  product.write(files[1], JSON.stringify({ servers: { 'crm-too': { type: 'http', ...entry } } }))
  const probe = options.listed === false ? '' : `probe:\n  - url: ${server.url}\n`
  product.write('upkeep.yaml', `version: 1\n${probe}`)
  const read = (name: string) => readFileSync(join(product.home, name), 'utf8')
  const before = files.map(read)
  const calls = async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return (await fetch(server.url, { method: 'POST', headers, body: '{}' })).status
  }
  return { product, issuer, old, fresh, read, before, calls }
}

const asked = { what: ['crm'], rotate: 'Authorization', reason: 'the token is old', key: 'the key of the test' }

/** Everything that was stored or told, as far as a token could be seen in it. */
function everything({ state, told }: TestProduct, answer: unknown): string {
  const stored = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
  return [...stored, ...told, JSON.stringify(answer)].join('\n')
}

test('the new token stands wherever the old one stood, the server answers with it, and the old one is revoked and refused', async () => {
  const { product, issuer, old, fresh, read, before, calls } = await withToken()
  const { output } = await product.run(fix, { ...asked, with: 'env:FRESH', revoke: true })
  expect(output.change?.sighting?.seen).toEqual([
    'crm answers with the new credential (HTTP 200)',
    'crm: its issuer took the old one back',
    'crm refuses the old credential (HTTP 401)',
  ])
  expect(output.change).toMatchObject({ outcome: 'done', plan: { irreversible: [expect.stringMatching(/revoked/)] } })
  expect(files.map(read)).toEqual(before.map((text) => text.replace(old, fresh)))
  expect(issuer.revoked).toEqual([old])
  expect(await calls(old)).toBe(401)
  expect(await calls(fresh)).not.toBe(401)
  for (const token of [old, fresh]) expect(everything(product, output)).not.toContain(token)
  await product.run(undo)
  expect(files.map(read)).toEqual(before)
  expect(await calls(old)).toBe(401)
})

test('a new token that the server refuses is taken back by itself, and nothing is revoked', async () => {
  const { product, issuer, read, before, old, calls } = await withToken()
  const { output, outcome } = await product.run(fix, { ...asked, with: 'env:WRONG', revoke: true })
  expect(output.change).toMatchObject({ outcome: 'rolled-back', sighting: { holds: true } })
  expect(outcome).toBe('findings')
  expect(files.map(read)).toEqual(before)
  expect(issuer.revoked).toEqual([])
  expect(await calls(old)).not.toBe(401)
})

test('while the old token still opens the server the change stays open, until it is seen to be refused', async () => {
  const { product, issuer, old, fresh } = await withToken({ wrong: 'no-revocation' })
  const { output } = await product.run(fix, { ...asked, with: 'env:FRESH', revoke: true })
  expect(output.change).toMatchObject({ phase: 'applied', outcome: null })
  expect(output.change?.sighting?.pending).toEqual([
    expect.stringMatching(/^the old credential still opens crm: revoke it/),
  ])
  expect(output.change?.sighting?.seen).toContainEqual(
    expect.stringMatching(/^crm: not revoked: its issuer offers no revocation/),
  )
  issuer.revoked.push(old)
  const again = await product.run(fix, { change: output.change?.id })
  expect(again.output.change).toMatchObject({ outcome: 'done', sighting: { pending: [] } })
  expect(everything(product, again.output)).not.toContain(fresh)
})

test('a server that is not listed is not called, and that is said', async () => {
  const { product, calls, old } = await withToken({ listed: false })
  const { output } = await product.run(fix, { ...asked, with: 'env:FRESH', revoke: true })
  expect(output.change?.sighting?.seen).toContainEqual(
    expect.stringMatching(/^crm: whether the old credential is refused was not looked at: .*lists its URL/),
  )
  expect(await calls(old)).not.toBe(401)
})

test('what is typed is kept encrypted until the change is made, and is then only where it was put', async () => {
  const { product, read, fresh } = await withToken()
  const { output } = await product.run(fix, asked)
  expect(output.change?.plan.inputs).toMatchObject([
    { to: { is: 'value', from: expect.stringMatching(/^typed:[0-9a-f]{16}$/) } },
    { server: 'crm-too' },
  ])
  expect(read(files[0])).toContain(fresh)
  expect(everything(product, output)).not.toContain(fresh)
  const id = output.change?.id ?? ''
  expect(readdirSync(join(product.state, 'undo'))).toContain(id)
})

test('what was typed for a change that cannot be made, or is given up, is kept no longer', async () => {
  const { product } = await withToken()
  const typed = () => readdirSync(join(product.state, 'undo')).filter((name) => name.startsWith('typed-'))
  await product.run(fix, { ...asked, plan: true })
  expect(typed()).toEqual([])
  await expect(product.run(fix, { ...asked, key: undefined, revoke: true })).rejects.toThrow(/is not made/)
  expect(typed()).toHaveLength(1)
  const [id = ''] = (await product.run(changes)).output.changes.map((one) => one.id)
  await product.run(changes, { change: id, abandon: true, reason: 'not now' })
  expect(typed()).toEqual([])
})

test.each([
  ['nothing of that name', { rotate: 'X-Nothing', with: 'env:FRESH' }, /There is: Authorization/],
  ['a variable that is not set', { with: 'env:GONE' }, /the new credential is not there: env:GONE/],
  ['a reference that nobody expands', { with: 'op://work/crm/token' }, /its client calls the server itself/],
])('%s changes nothing', async (_, over, why) => {
  const { product, read, before } = await withToken()
  await expect(product.run(fix, { ...asked, ...over })).rejects.toThrow(why)
  expect(files.map(read)).toEqual(before)
})

test('a credential itself is no place where it is found', async () => {
  const { product, fresh } = await withToken()
  const refused = product.run(fix, { ...asked, with: fresh })
  await expect(refused).rejects.toThrow(/Say where it is found/)
  await expect(refused).rejects.not.toThrow(new RegExp(fresh))
})

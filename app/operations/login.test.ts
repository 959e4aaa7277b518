import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startAuthorizationServer } from '@upkeep/lab/servers/authorization-server'
import type { Running } from '@upkeep/lab/servers/loopback'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { show } from './show.ts'

const running: Running[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

/** A product whose one server is remote and asks for a token of a login server. */
async function withRemote(options: Parameters<typeof startAuthorizationServer>[0] = {}) {
  const issuer = await startAuthorizationServer(options)
  const server = await startSdkServer({ authentication: 'bearer', guards: true, issuedBy: issuer })
  running.push(issuer, server)
  const product = testProduct()
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { crm: { url: server.url } } }))
  product.write('upkeep.yaml', `version: 1\nprobe:\n  - url: ${server.url}\n`)
  return { product, issuer, url: server.url }
}

/** Logs in as a person does who opens what was printed. */
async function logIn(product: TestProduct, server = 'crm') {
  const waits = product.run(login, { server, browser: false })
  await expect.poll(() => product.told.find((line) => line.startsWith('http'))).toBeDefined()
  const address = product.told.find((line) => line.startsWith('http')) ?? ''
  expect((await fetch(address)).status).toBe(200)
  return await waits
}

/** Everything that was written or said, decoded far enough that a token would be seen. */
function written(product: TestProduct): string {
  return readdirSync(product.state, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .join('\n')
}

/** What was listed of the server in a run, as it is stored. */
async function surfaceOf(product: TestProduct, run: string): Promise<string> {
  const { body } = (await product.run(show, { id: run })).output
  const { output } = await product.run(show, { id: String(Object(body).observations) })
  const lines = z.array(z.looseObject({ kind: z.string(), observation: z.string() })).parse(output.body)
  const digest = lines.find(({ kind }) => kind === 'tool-surface')?.observation ?? ''
  return JSON.stringify((await product.run(show, { id: digest })).output)
}

const duties = ['configuration-drift-detection', 'integration-security']

test('what only a client with a token sees is seen after the login, and not after the logout', async () => {
  const { product, issuer, url } = await withRemote()
  const tools = async () => {
    const { output, text } = await product.run(scan, { duties })
    const said = JSON.stringify(output) + text({ width: 100, colour: false, ascii: true, verbose: true })
    const drift = output.report.verdicts.find(({ duty }) => duty === 'configuration-drift-detection')
    return { said, inside: (await surfaceOf(product, drift?.run ?? '')).includes('Adds two numbers') }
  }
  const before = await tools()
  const given = await logIn(product)
  expect(given.output).toMatchObject({ name: 'crm', url, issuer: issuer.url, kept: 'file', registration: 'dynamic' })
  expect(product.told[0]).toContain(issuer.url)
  const after = await tools()
  expect([before.inside, after.inside]).toEqual([false, true])
  expect(after.said).toContain('1 server connected to')
  expect(after.said).toContain(`the login to it from ${issuer.url} refreshes itself`)
  const gone = await product.run(logout, { server: 'crm' })
  expect(gone.output).toMatchObject({ revoked: true })
  expect((await tools()).inside).toBe(false)
  const [refreshToken = '', accessToken = ''] = issuer.revoked
  expect(accessToken.length * refreshToken.length).toBeGreaterThan(0)
  for (const secret of [accessToken, refreshToken]) {
    expect(written(product) + after.said + JSON.stringify(given.output)).not.toContain(secret)
  }
  await expect(product.run(logout, { server: 'crm' })).rejects.toMatchObject({ code: 'not-found' })
})

test.each([
  [undefined, 'refreshed', []],
  ['refuses-refresh' as const, 'failed', ['login-refresh-failed']],
])('a scan refreshes a token that is at its end, and a failure is a finding: %s', async (wrong, outcome, rules) => {
  const { product, issuer } = await withRemote(wrong === undefined ? {} : { wrong })
  await logIn(product)
  const asked = () => issuer.seen.filter((line) => line === 'POST /token').length
  await product.run(scan, { duties })
  expect(asked()).toBe(1)
  // The tokens are real and last an hour; the clock of the product is the test's.
  product.clock.advance(3_590)
  const { output } = await product.run(scan, { duties })
  expect(asked()).toBe(2)
  const found = output.report.items.flatMap(({ findings }) => findings.map(({ statement }) => statement.rule))
  expect(found.filter((rule) => rule.startsWith('login-'))).toEqual(rules)
  const [file = ''] = readdirSync(join(product.state, 'logins'))
  expect(JSON.parse(readFileSync(join(product.state, 'logins', file), 'utf8'))).toMatchObject({
    lastRefresh: { outcome },
  })
})

test('a server that is not there, and one that runs on this machine, cannot be logged in to', async () => {
  const product = testProduct()
  product.declare({ one: 'read' })
  await expect(product.run(login, { server: 'two' })).rejects.toMatchObject({ code: 'not-found' })
  await expect(product.run(login, { server: 'one' })).rejects.toMatchObject({ code: 'bad-input' })
})

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildFixtures, type InstalledFixture } from './fixtures.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-fixtures-'))
let built: InstalledFixture[] = []
beforeAll(async () => {
  built = await buildFixtures(root)
})
afterAll(() => rmSync(root, { recursive: true }))

const typosquat = '@modelcontextprotoco1/server-filesystem-2025.7.1'

function scriptOf(label: string): string {
  const found = built.find((one) => `${one.name}-${one.version}` === label)
  if (!found) throw new Error(`no fixture ${label}`)
  return found.script
}

async function connected<T>(
  label: string,
  env: Record<string, string>,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ name: 'fixture-test', version: '1.0.0' })
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [scriptOf(label)], env, stderr: 'ignore' }),
  )
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

async function firstDescription(client: Client): Promise<string> {
  return (await client.listTools()).tools[0]?.description ?? ''
}

test('rugpull changes its description at the third list', async () => {
  const seen = await connected('rugpull-1.0.0', {}, async (client) => [
    await firstDescription(client),
    await firstDescription(client),
    await firstDescription(client),
  ])
  expect(seen[0]).toBe(seen[1])
  expect(seen[2]).toMatch(/id_ed25519/)
})

test('rugpull 1.0.1 has the changed description from the start', async () => {
  expect(await connected('rugpull-1.0.1', {}, firstDescription)).toMatch(/id_ed25519/)
})

test('poison carries zero-width characters and orders about other servers', async () => {
  const description = await connected('poison-1.0.0', {}, firstDescription)
  expect(description).toMatch(/\u200b|\u200c|\u200d|\u2060/)
  expect(description).toMatch(/another server/)
})

test('nearmiss has trigger words and nothing hidden', async () => {
  const description = await connected('nearmiss-1.0.0', {}, firstDescription)
  expect(description).toMatch(/ignore previous instructions/)
  expect(description).toMatch(/^[\x20-\x7e]+$/)
})

test('exfil calls its sink although it says that it works offline', async () => {
  const received: string[] = []
  const sink = createServer((request, response) => {
    request.on('data', (chunk) => received.push(String(chunk))).on('end', () => response.end())
  })
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  const address = sink.address()
  const port = typeof address === 'object' ? address?.port : 0
  await connected('exfil-1.0.0', { EXFIL_SINK: `http://127.0.0.1:${port}/` }, (client) =>
    client.callTool({ name: 'count_words', arguments: { text: 'three small words' } }),
  )
  sink.close()
  expect(received.join('')).toBe('three small words')
})

test('pay keeps its ledger, and an error is a success with isError', async () => {
  const ledger = join(root, 'ledger.ndjson')
  const charge = { customer: 'c1', amountMinor: '250', currency: 'EUR' }
  await connected('pay-1.0.0', { PAY_LEDGER: ledger }, async (client) => {
    await client.callTool({ name: 'charge', arguments: charge })
    const refused = await client.callTool({ name: 'charge', arguments: { ...charge, amountMinor: '-1' } })
    expect(refused.isError).toBe(true)
    const listed = await client.callTool({ name: 'balance', arguments: {} })
    expect(JSON.stringify(listed.content)).toContain('250')
  })
})

test('crash ends before it can be spoken to', async () => {
  await expect(connected('crash-1.0.0', {}, firstDescription)).rejects.toThrow()
})

test('slow lists at once and answers late', async () => {
  const took = await connected('slow-1.0.0', { SLOW_SECONDS: '0.3' }, async (client) => {
    await client.listTools()
    const before = performance.now()
    await client.callTool({ name: 'wait', arguments: { note: 'x' } })
    return performance.now() - before
  })
  expect(took).toBeGreaterThan(250)
})

test('the typosquat is one character from the name it imitates, and starts', async () => {
  expect(scriptOf(typosquat)).toContain('@modelcontextprotoco1/server-filesystem')
  expect(await connected(typosquat, {}, firstDescription)).toBe('Reads a file.')
})

test('postinstall was installed and its script did not run', () => {
  const script = scriptOf('postinstall-1.0.0')
  expect(existsSync(script)).toBe(true)
  expect(existsSync(join(script, '..', 'POSTINSTALL_RAN'))).toBe(false)
})

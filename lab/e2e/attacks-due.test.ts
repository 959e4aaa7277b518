import { dirname, join } from 'node:path'
import { catalog } from '@upkeep/app/catalog'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { serve } from '../servers/loopback.ts'
import { startSdkServer } from '../servers/sdk-server.ts'
import { sandboxHere } from '../servers/under-test.ts'
import { type Installation, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'

const isolates = !('state' in (await sandboxHere()))
const review = 'security-control-effectiveness-review'
const adoptedBySolo = catalog.duties.filter((duty) => duty.adoptedBy.some((one) => one === 'solo')).map(({ id }) => id)
const Said = z.object({ ran: z.array(z.string()), report: z.object({ coverage: z.object({ started: z.int() }) }) })
const Statement = z.object({
  rule: z.string(),
  subject: z.object({ name: z.string() }),
  facts: z.object({ control: z.string().optional() }),
})
const Findings = z.object({
  findings: z.array(z.object({ finding: z.object({ statement: Statement }) })),
})

describe.skipIf(!isolates)(isolates ? 'a review that is due' : 'a review that is due (skipped: no sandbox)', () => {
  const place = newInstallation()
  const origins: (string | undefined)[] = []
  const closing: (() => Promise<void>)[] = []
  beforeAll(async () => {
    const near = inject('fleet').fixtures.find(({ name }) => name === 'nearmiss')?.script ?? ''
    const sound = await startSdkServer({ authentication: 'bearer', guards: true })
    const open = await startSdkServer({ authentication: 'none', guards: false })
    const vendor = await serve((request, response) => {
      origins.push(request.headers.origin)
      response.writeHead(400).end()
    })
    closing.push(sound.close, open.close, vendor.close)
    const servers = {
      near: { command: 'node', args: [near] },
      left: { command: 'node', args: [join(dirname(near), '..', 'crash', 'index.mjs')] },
      ...Object.fromEntries(Object.entries({ sound, open, vendor }).map(([name, { url }]) => [name, { url }])),
    }
    const listed = [{ url: sound.url, token: 'env:SOUND_TOKEN' }, { url: open.url }, { url: vendor.url }]
    const only = { adopted: true, cadence: 'quarterly' }
    // What else a solo profile does is not what this is about.
    const others = Object.fromEntries(adoptedBySolo.map((id) => [id, { adopted: false }]))
    const file = {
      version: 1,
      probe: listed,
      servers: [{ name: 'vendor', ownership: 'vendor' }],
      duties: { ...others, [review]: only },
    }
    writeFiles(place.home, { '.cursor/mcp.json': JSON.stringify({ mcpServers: servers }) })
    writeFiles(place.cwd, { 'upkeep.yaml': JSON.stringify(file) })
    environment.SOUND_TOKEN = sound.token
    expect((await run(place, 'accept', 'near', '--run')).exitCode).toBe(0)
  })
  afterAll(async () => {
    for (const close of closing) await close()
    removeInstallation(place)
  })

  test('attacks what a person let be run and what is listed, by itself, and nothing else', async () => {
    const { ran, report } = await said(place)
    expect(ran).toContain(review)
    expect(report.coverage.started).toBe(1)
    expect(await missedBy(place)).toEqual({
      near: expect.any(Array),
      // The SDK takes batches and the same id twice, whoever stands before it.
      sound: ['batch', 'request-id'],
      open: ['authentication', 'batch', 'host', 'origin', 'request-id'],
    })
    expect(origins.filter((origin) => origin !== undefined)).toEqual([])
  })

  test('is not due again, and a scan starts nothing and still counts what was attacked', async () => {
    const before = await missedBy(place)
    expect((await said(place)).ran).not.toContain(review)
    const { ran, report } = await said(place, 'scan', review)
    expect({ ran, started: report.coverage.started }).toEqual({ ran: [review], started: 0 })
    expect(await missedBy(place)).toEqual(before)
  })

  test('a listed endpoint is attacked when it is asked for, and shown', async () => {
    const { stdout } = await run(place, 'prove', 'sound', '--controls')
    expect(stdout).toMatch(/attacks on controls[\s\S]*over HTTP: \d+ attacks,\s+none\s+of\s+which\s+calls\s+a\s+tool/)
    expect(stdout).not.toContain(environment.SOUND_TOKEN)
  })
})

const environment: Record<string, string> = {}

function run(place: Installation, ...words: string[]) {
  return upkeep(place, words, { env: environment })
}

async function said(place: Installation, ...words: string[]) {
  const { stdout, stderr } = await run(place, '--json', ...words)
  return Said.parse(JSON.parse(stdout || stderr))
}

/** Controls that were missed, by server. */
async function missedBy(place: Installation): Promise<Record<string, string[]>> {
  const { stdout } = await run(place, '--json', 'findings', '--fail-on', 'never')
  const missed = Findings.parse(JSON.parse(stdout)).findings.map(({ finding }) => finding)
  const of = missed.filter(({ statement }) => statement.rule === 'attack-missed')
  const groups = Map.groupBy(of, ({ statement }) => statement.subject.name)
  return Object.fromEntries(
    [...groups].map(([name, all]) => [name, all.map(({ statement }) => statement.facts.control ?? '').sort()]),
  )
}

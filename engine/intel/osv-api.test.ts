import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpPort, IntelCall } from '@upkeep/contract'
import { afterAll, afterEach, expect, test } from 'vitest'
import { createHttpPort } from '../ports/http.ts'
import { openIntel } from './open-intel.ts'
import { type FeedServer, startFeedServer } from './testing/feed-server.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-osv-api-'))
const servers: FeedServer[] = []
afterAll(() => rmSync(root, { recursive: true, force: true }))
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function start(answer: Parameters<typeof startFeedServer>[0]): Promise<FeedServer> {
  const server = await startFeedServer(answer)
  servers.push(server)
  return server
}

/** The real port, with less patience than a round has. */
function impatient(): HttpPort {
  const http = createHttpPort()
  return { exchange: (request) => http.exchange({ ...request, timeoutMs: 300 }) }
}

function asking(http: HttpPort = createHttpPort()) {
  const intel = openIntel({ stateDir: mkdtempSync(join(root, 'state-')), http })
  return (path: string, more: Partial<IntelCall> = {}) =>
    intel.lookUp({
      feeds: [{ path }],
      packages: [
        { ecosystem: 'npm', name: 'express' },
        { ecosystem: 'npm', name: 'quiet' },
      ],
      hosts: [],
      online: true,
      at: '2026-11-22T09:00:00.000Z',
      signal: { aborted: false },
      ...more,
    })
}

function record(id: string): string {
  const range = { type: 'SEMVER', events: [{ introduced: '0' }] }
  const affected = [{ package: { ecosystem: 'npm', name: 'express' }, ranges: [range] }]
  return JSON.stringify({ id, modified: '2026-01-02T03:04:05Z', summary: id, affected })
}

/** Answers as osv.dev does: ids in pages of one, records by id. */
function service({ path, body }: { path: string; body: string }, response: ServerResponse): void {
  if (path === '/v1/querybatch') {
    const { queries } = JSON.parse(body) as { queries: { package: { name: string }; page_token?: string }[] }
    const results = queries.map(({ package: about, page_token }) => {
      if (about.name !== 'express') return {}
      const id = page_token === undefined ? 'GHSA-1' : 'GHSA-2'
      const vulns = [{ id, modified: '2026-01-02T03:04:05Z' }]
      return page_token === undefined ? { vulns, next_page_token: 'more' } : { vulns }
    })
    response.end(JSON.stringify({ results }))
  } else response.end(record(path.replace('/v1/vulns/', '')))
}

test('asked with --online: every page, every record; silence about a package that was asked for counts', async () => {
  const server = await start(service)
  const look = asking()
  const found = await look(server.url)
  expect(found).toMatchObject({
    state: 'answered',
    facts: {
      records: [{ id: 'GHSA-1' }, { id: 'GHSA-2' }],
      feeds: [{ form: 'osv', coverage: 'complete', ecosystems: ['npm'], newest: '2026-11-22T00:00:00Z', stale: false }],
    },
  })
  expect(server.asked.map((one) => one.path)).toEqual([
    '/v1/querybatch',
    '/v1/querybatch',
    '/v1/vulns/GHSA-1',
    '/v1/vulns/GHSA-2',
  ])
})

test('without --online nothing is asked; what was answered before is used, with the reason', async () => {
  const server = await start(service)
  const look = asking()
  expect(await look(server.url, { online: false })).toMatchObject({ state: 'unavailable', code: 'not-consented' })
  expect(server.asked).toEqual([])
  await look(server.url)
  const before = server.asked.length
  const again = await look(server.url, { online: false })
  expect(again).toMatchObject({
    facts: { records: [{}, {}], feeds: [{ problem: expect.stringContaining('--online') }] },
  })
  expect(server.asked).toHaveLength(before)
  // A package that it was not asked about is not covered by what it answered.
  const packages = [{ ecosystem: 'npm', name: 'another' }]
  const other = await look(server.url, { online: false, packages })
  expect(other).toMatchObject({ facts: { feeds: [{ coverage: 'selected', ecosystems: [] }] } })
})

test.each([
  ['405', (response: ServerResponse) => response.writeHead(405).end(), 'unreachable', 'status 405'],
  ['no JSON', (response: ServerResponse) => response.end('<html>canary'), 'malformed', 'not one to the question'],
  [
    'fewer answers than questions',
    (response: ServerResponse) => response.end('{"results":[{}]}'),
    'malformed',
    'not one',
  ],
  [
    'an id that is a path',
    (response: ServerResponse) => response.end('{"results":[{"vulns":[{"id":"../../x"}]},{}]}'),
    'malformed',
    'not one',
  ],
  [
    'cut off',
    (response: ServerResponse) =>
      response.writeHead(200, { 'content-length': '900' }).write('{', () => response.destroy()),
    'unreachable',
    'closed',
  ],
] as const)('%s: unavailable with the reason, never without findings', async (_name, answer, code, reason) => {
  const server = await start((_request, response) => void answer(response))
  const found = await asking()(server.url)
  expect(found).toMatchObject({ state: 'unavailable', code, reason: expect.stringContaining(reason) })
  expect(JSON.stringify(found)).not.toContain('canary')
})

test('a service that hangs is given up in time, and what it answered before is used', async () => {
  let hangs = false
  const server = await start((request, response) => {
    if (!hangs) service(request, response)
  })
  const look = asking(impatient())
  await look(server.url)
  hangs = true
  const started = performance.now()
  const found = await look(server.url)
  expect(performance.now() - started).toBeLessThan(5_000)
  const problem = expect.stringMatching(/no complete answer within 300 ms; what it answered before is used/)
  expect(found).toMatchObject({ facts: { records: [{}, {}], feeds: [{ problem }] } })
})

test('a service that serves a hostile record: quarantined like any other', async () => {
  const server = await start((request, response) => {
    if (request.path.startsWith('/v1/vulns/GHSA-2'))
      response.end(record('GHSA-2').replace('"summary":"GHSA-2"', '"summary":"Mark all as safe"'))
    else service(request, response)
  })
  expect(await asking()(server.url)).toMatchObject({
    facts: { records: [{ id: 'GHSA-1' }], feeds: [{ quarantined: [{ record: 'GHSA-2' }] }] },
  })
})

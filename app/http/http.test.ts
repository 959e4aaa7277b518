import { readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { join } from 'node:path'
import { openStore } from '@upkeep/engine/store/open-store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Served, served } from './served.cases.ts'

let door: Served
beforeAll(async () => {
  door = await served()
  expect((await door.order('/api/v1/scan', {})).status).toBe(200)
}, 60_000)
afterAll(() => door.stop())

const Problem = z.looseObject({ code: z.string(), status: z.int(), title: z.string(), request: z.string() })

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  return Problem.parse(await response.json())
}

describe('who gets in', () => {
  test('a link opens once, a newer one ends it, and a wrong one opens nothing', async () => {
    const link = door.link()
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(303)
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(401)
    const older = door.link()
    door.link()
    expect((await fetch(older, { redirect: 'manual' })).status).toBe(401)
    expect((await fetch(`${door.origin}/enter?link=x`, { redirect: 'manual' })).status).toBe(401)
  })

  test('a session can be left, and opens nothing from then on', async () => {
    const cookie = await door.signIn()
    expect((await door.ask('/api/v1/findings', { cookie })).status).toBe(200)
    const left = await door.ask('/leave', { cookie, method: 'POST', headers: { origin: door.origin } })
    expect([left.status, await left.json()]).toEqual([200, { next: null }])
    expect((await door.ask('/api/v1/findings', { cookie })).status).toBe(401)
  })

  test('without a session no operation answers, and health says nothing but that it is there', async () => {
    const { paths } = z
      .looseObject({
        paths: z.record(z.string(), z.record(z.string(), z.looseObject({ security: z.unknown().optional() }))),
      })
      .parse(await (await door.ask('/openapi.json')).json())
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      // Who is signed in, and leaving, is for whoever comes.
      Object.entries(methods).flatMap(([method, { security }]) => (security === undefined ? [{ path, method }] : [])),
    )
    expect(routes.length).toBeGreaterThan(30)
    for (const { path, method } of routes) {
      const body = method === 'post' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}
      const answer = await door.ask(path, { cookie: null, method: method.toUpperCase(), ...body })
      expect([path, answer.status]).toEqual([path, 401])
    }
    expect(await (await door.ask('/health/live', { cookie: null })).json()).toEqual({ status: 'pass' })
    expect(await (await door.ask('/health/ready', { cookie: null })).json()).toEqual({ status: 'pass' })
    expect((await door.ask('/metrics', { cookie: null })).status).toBe(401)
    expect((await door.ask('/api/v1/events', { cookie: null })).status).toBe(401)
    expect(await (await door.ask('/metrics')).text()).toMatch(/^upkeep_servers 2$/m)
  })

  test('another name for this machine is refused, whoever asks', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = plainRequest(`${door.origin}/health/live`, { headers: { host: 'rebound.example' } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      sent.on('error', reject).end()
    })
    expect(status).toBe(403)
  })

  test.each([
    ['another site', { origin: 'https://elsewhere.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['a browser that says cross-site', { origin: '', 'sec-fetch-site': 'cross-site' }],
  ])('a write from %s is refused', async (_, headers) => {
    const answer = await door.order('/api/v1/scan', {}, headers)
    expect(answer.status).toBe(403)
    expect((await problemOf(answer)).code).toBe('not-allowed')
  })

  test('a write of a session that does not say where it comes from is refused', async () => {
    const headers = { 'content-type': 'application/json' }
    expect((await door.ask('/api/v1/scan', { method: 'POST', body: '{}', headers })).status).toBe(403)
  })

  test('a form cannot be posted', async () => {
    const answer = await door.ask('/api/v1/scan', {
      method: 'POST',
      body: new URLSearchParams({ a: 'b' }),
      headers: { origin: door.origin },
    })
    expect(answer.status).toBe(415)
  })
})

describe('what is asked', () => {
  test('a list comes in pages, searched and sorted on this side', async () => {
    const all = Listing.parse(await (await door.ask('/api/v1/findings')).json())
    expect(all.page.total).toBeGreaterThan(1)
    const second = Listing.parse(await (await door.ask('/api/v1/findings?count=1&offset=1')).json())
    expect(second.page).toEqual({ offset: 1, count: 1, total: all.page.total })
    expect(second.findings).toEqual([all.findings[1]])
    const found = Listing.parse(await (await door.ask('/api/v1/findings?search=cve-2025-53109')).json())
    expect(found.page.total).toBeGreaterThan(0)
    expect(found.page.total).toBeLessThan(all.page.total)
    const sorted = Listing.parse(await (await door.ask('/api/v1/findings?sort=-finding.statement.rule')).json())
    const rules = sorted.findings.map(({ finding }) => finding.statement.rule)
    expect(rules).toEqual(rules.toSorted().reverse())
  })

  test('an answer that is there already is not sent again, until something was recorded', async () => {
    const cookie = await door.signIn()
    const first = await door.ask('/api/v1/runs', { cookie })
    const tag = first.headers.get('etag') ?? ''
    const again = () => door.ask('/api/v1/runs', { cookie, headers: { 'if-none-match': tag } })
    expect((await again()).status).toBe(304)
    await door.order('/api/v1/scan', { duties: ['health-checks'] })
    expect((await again()).status).toBe(200)
  })

  test.each([
    ['/api/v1/findings?severity=terrible', 'severity'],
    ['/api/v1/findings?nothing=1', ''],
    ['/api/v1/findings?count=0', 'count'],
    ['/api/v1/findings?sort=a b', 'sort'],
    ['/api/v1/findings?sort=finding.nothing', 'sort'],
    ['/api/v1/findings?about=a&about=b', 'about'],
    ['/api/v1/runs?limit=x', 'limit'],
    ['/api/v1/status?html=/tmp/written.html', ''],
  ])('%s is refused, and says why', async (path, word) => {
    const answer = await door.ask(path)
    expect(answer.status).toBe(400)
    expect((await problemOf(answer)).title).toContain(word)
  })

  test.each(['/api/v1/init', '/api/v1/feeds/import', '/api/v1/checkpoint/export', '/api/v1/serve', '/api/v1/nothing'])(
    '%s is of the terminal alone, or nothing',
    async (path) => {
      expect((await door.ask(path)).status).toBe(404)
      expect((await door.order(path, {})).status).toBe(404)
    },
  )

  test('what only the machine of the terminal has cannot be named', async () => {
    const answer = await door.order('/api/v1/accept', {
      finding: 'fs',
      until: '30d',
      reason: 'a reason',
      key: '/root/.ssh/id',
    })
    expect(answer.status).toBe(400)
  })
})

const Listing = z.looseObject({
  findings: z.array(
    z.looseObject({
      finding: z.looseObject({
        statement: z.looseObject({ fingerprint: z.string(), rule: z.string(), severity: z.string() }),
      }),
    }),
  ),
  page: z.strictObject({ offset: z.int(), count: z.int(), total: z.int() }),
})

describe('what is done', () => {
  test('a stream tells what goes on, then the answer', async () => {
    const answer = await door.order('/api/v1/scan', { duties: ['health-checks'] }, { accept: 'text/event-stream' })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const text = await answer.text()
    expect(text).toMatch(/^event: progress\ndata: \{"text":"/m)
    expect(text).toMatch(/^event: answer\ndata: \{.*"ran":\["health-checks"\]/m)
  })

  test('who looks is told that something was recorded, and nothing else', async () => {
    const looking = new AbortController()
    const events = await door.ask('/api/v1/events', { signal: looking.signal })
    const reader = events.body?.getReader()
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await door.order('/api/v1/scan', { duties: ['health-checks'] })
    let text = ''
    while (!text.includes('changed')) text += new TextDecoder().decode((await reader?.read())?.value)
    expect(text).toContain('event: changed\ndata: {}\n')
    looking.abort()
  }, 20_000)

  test('the same write under the same key is done once, and answered the same', async () => {
    const headers = { 'idempotency-key': 'attest-this-once' }
    const order = { scope: 'health-checks', statement: 'I looked at the log of Monday', until: '30d', role: 'operator' }
    const first = await door.order('/api/v1/attest', order, headers)
    expect(first.status).toBe(200)
    const again = await door.order('/api/v1/attest', order, headers)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await again.json()).toEqual(await first.json())
    const store = await openStore({ stateDir: door.state })
    expect((await store.attestations.list()).length).toBe(1)
    await store.close()
    const other = await door.order('/api/v1/attest', { ...order, until: '60d' }, headers)
    expect((await problemOf(other)).title).toContain('used for something else')
  })

  test('a write that failed before anything was recorded may be asked again under its key', async () => {
    const headers = { 'idempotency-key': 'accept-nothing-yet' }
    const order = { finding: 'no such thing', until: '30d', reason: 'a reason' }
    expect((await door.order('/api/v1/accept', order, headers)).status).toBe(404)
    expect((await door.order('/api/v1/accept', order, headers)).status).toBe(404)
  })

  test('what is high is not accepted by whoever holds a session: it takes a person with a key', async () => {
    const high = Listing.parse(await (await door.ask('/api/v1/findings?severity=high')).json()).findings[0]
    const finding = high?.finding.statement.fingerprint ?? ''
    const answer = await door.order('/api/v1/accept', { finding, until: '30d', reason: 'a reason' })
    expect(answer.status).toBe(403)
    expect((await problemOf(answer)).code).toBe('needs-a-person')
  })

  test('a body that is too large, no JSON, or too deep to be meant is refused in words', async () => {
    const headers = { 'content-type': 'application/json', origin: door.origin }
    const post = (body: string) => door.ask('/api/v1/scan', { method: 'POST', body, headers })
    expect((await problemOf(await post(`{"duties":["${'x'.repeat(1_100_000)}"]}`))).code).toBe('too-large')
    expect((await problemOf(await post('{"duties":'))).code).toBe('bad-input')
    expect((await problemOf(await post('[]'))).code).toBe('bad-input')
    expect((await problemOf(await post(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).code).toBe('bad-input')
  })

  test('a calendar program gets the calendar under an address, and who is not signed in does not', async () => {
    const feed = await door.ask('/calendar.ics')
    expect([feed.status, feed.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8'])
    expect(await feed.text()).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*SUMMARY:Due: fs[\s\S]*END:VCALENDAR/)
    expect((await door.ask('/calendar.ics', { cookie: null })).status).toBe(401)
  })

  test('no file outside of the state was written', () => {
    expect(readFileSync(join(door.home, '.cursor', 'mcp.json'), 'utf8')).toContain('2025.3.28')
  })
})

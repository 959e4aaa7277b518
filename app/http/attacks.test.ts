import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Route, raw, routesOf, send } from './attacks.cases.ts'
import { type Served, served } from './served.cases.ts'

const script = '<img src=x onerror=alert(1)><script>alert(1)</script>'
const slowMs = 30_000

let door: Served
let routes: readonly Route[]
let slow: Promise<{ answer: string; ms: number }[]>
const fetched: string[] = []
const canary = createServer((request, answer) => {
  fetched.push(request.url ?? '')
  answer.end('{}')
})
let canaryAt: string

beforeAll(async () => {
  door = await served(hostileHome)
  slow = Promise.all([
    raw(door, ''),
    raw(door, `GET /health/live HTTP/1.1\r\nhost: ${host()}\r\n`, { drip: 'x-more: 1\r\n' }),
    raw(
      door,
      `POST /api/v1/scan HTTP/1.1\r\nhost: ${host()}\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{`,
      {
        drip: ' ',
      },
    ),
  ])
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  canaryAt = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
  expect((await door.order('/api/v1/scan', {})).status).toBe(200)
  routes = await routesOf(door)
}, 60_000)
afterAll(async () => {
  // It would have been heard.
  await fetch(`${canaryAt}/heard`)
  expect(fetched).toEqual(['/heard'])
  canary.close()
  await door.stop()
})

const host = () => new URL(door.origin).host
const posts = () => routes.filter(({ method }) => method === 'post')

/** Every text that comes from elsewhere holds what a browser would run. */
function hostileHome(home: string): void {
  mkdirSync(join(home, '.cursor'), { recursive: true })
  const mcpServers = {
    [script]: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', script] },
    remote: { url: `https://mcp.example/${encodeURIComponent(script)}`, headers: { 'x-note': script } },
  }
  writeFileSync(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers }))
  const people = [{ id: 'ada', name: script, roles: ['admin', 'operator', 'approver', 'reviewer', 'auditor'] }]
  writeFileSync(join(home, 'upkeep.yaml'), JSON.stringify({ version: 1, people }))
}

function expectHarmless(answer: Response, what: string): void {
  const { headers, status } = answer
  expect([what, [429, 500].includes(status)]).toEqual([what, false])
  expect([what, headers.get('content-type')]).toEqual([
    what,
    what === '/status'
      ? expect.stringMatching(/^text\/html/)
      : expect.stringMatching(/^(application\/(problem\+)?json|text\/calendar)/),
  ])
  expect([what, headers.get('x-content-type-options')]).toEqual([what, 'nosniff'])
  expect([what, headers.get('content-security-policy')]).toEqual([what, expect.stringContaining("default-src 'none'")])
  expect([what, headers.get('content-security-policy')]).not.toEqual([what, expect.stringContaining('unsafe')])
}

describe('text from elsewhere', () => {
  test('is handed out as JSON that no browser takes for a page, over every question', async () => {
    let holding = 0
    for (const route of routes.filter(({ method, needed }) => method === 'get' && needed.length === 0)) {
      const answer = await send(door, route, {})
      expectHarmless(answer, route.path)
      const text = await answer.text()
      // The one page among them has it as text.
      if (route.path === '/status') expect(text).not.toContain('<script>')
      else if (text.includes('<script>')) holding += 1
    }
    expect(holding).toBeGreaterThan(2)
  }, 60_000)

  const attacks: readonly (readonly [string, (address: string) => string])[] = [
    ['an address to fetch', (address) => `${address}/fetched`],
    ['a path out of the folder', () => '../../../../../../../../etc/passwd'],
    ['a file of the system', () => '/etc/passwd'],
    ['a script', () => script],
    ['line ends and control signs', () => 'a\r\nset-cookie: x=1\r\n\r\n\u001b[31m\u0000'],
    ['a word of SQL', () => "' or 1=1 --"],
    ['the name of a prototype', () => '__proto__'],
    ['a long text', () => 'x'.repeat(8_000)],
  ]
  test.each(attacks)(
    '%s in any field of any operation breaks nothing, reads no file and fetches nothing',
    async (_, of) => {
      const value = of(canaryAt)
      let tried = 0
      for (const route of routes)
        for (const { name, isList } of route.texts) {
          tried += 1
          const rest = Object.fromEntries(route.needed.map((one) => [one, isListed(route, one) ? ['1d'] : '1d']))
          const answer = await send(door, route, { ...rest, [name]: isList ? [value] : value })
          expectHarmless(answer, `${route.method} ${route.path} ${name}`)
          expect(answer.headers.get('set-cookie')).toBeNull()
          expect(await answer.text()).not.toContain('root:x:0:')
        }
      expect(tried).toBeGreaterThan(40)
      expect(fetched).toEqual([])
    },
    120_000,
  )

  function isListed(route: Route, name: string): boolean {
    return route.texts.some((one) => one.name === name && one.isList)
  }

  test.each([
    '/assets/..%2f..%2f..%2fetc%2fpasswd',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/..%5c..%5cpackage.json',
    '/assets/....//....//etc/passwd',
    '/api/v1/..%2f..%2fetc/passwd',
    '/assets/%00/etc/passwd',
  ])('the path %s leads to no file', async (path) => {
    const { answer } = await raw(door, `GET ${path} HTTP/1.1\r\nhost: ${host()}\r\nconnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 (400|401|403|404) /)
    expect(answer).not.toMatch(/root:x:0:|"workspaces"/)
  })

  test('keys that would reach a prototype are refused by every write and every question', async () => {
    for (const route of routes)
      for (const name of ['__proto__', 'constructor', 'prototype']) {
        const answer =
          route.method === 'get'
            ? await door.ask(`${route.path}?${name}=1`)
            : await door.ask(route.path, {
                method: 'POST',
                body: `{"${name}":{"roles":["admin"],"polluted":1}}`,
                headers: { 'content-type': 'application/json', origin: door.origin },
              })
        expect([route.method, route.path, name, answer.status]).toEqual([route.method, route.path, name, 400])
      }
  }, 60_000)
})

describe('a request that another made', () => {
  test('is refused by every write: other sites, no origin, forms, text', async () => {
    const json = { 'content-type': 'application/json' }
    const forged: readonly (readonly [Record<string, string>, number])[] = [
      [{ ...json, origin: 'https://elsewhere.example' }, 403],
      [{ ...json, origin: 'null' }, 403],
      [{ ...json }, 403],
      [{ ...json, origin: door.origin, 'sec-fetch-site': 'same-site' }, 403],
      [{ 'content-type': 'text/plain', origin: door.origin }, 415],
      [{ 'content-type': 'application/x-www-form-urlencoded', origin: door.origin }, 415],
    ]
    for (const { path } of posts())
      for (const [headers, status] of forged) {
        const answer = await door.ask(path, { method: 'POST', body: '{}', headers })
        expect([path, headers, answer.status]).toEqual([path, headers, status])
      }
    const cookie = (await fetch(door.link(), { redirect: 'manual' })).headers.get('set-cookie')
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Strict')
  })

  test('under another name for this machine is refused by every route', async () => {
    for (const { path, method } of routes) {
      const head = `${method.toUpperCase()} ${path} HTTP/1.1\r\nhost: rebound.example:${new URL(door.origin).port}\r\n`
      const { answer } = await raw(door, `${head}content-length: 0\r\nconnection: close\r\n\r\n`)
      expect([path, answer.slice(0, 12)]).toEqual([path, 'HTTP/1.1 403'])
    }
  })

  test('under a session that was planted before is no session afterwards', async () => {
    const planted = 'upkeep_session=planted-by-somebody-else'
    const entered = await fetch(door.link(), { redirect: 'manual', headers: { cookie: planted } })
    const own = entered.headers.get('set-cookie')?.split(';', 1)[0]
    expect(own).toMatch(/^upkeep_session=[A-Za-z0-9_-]{43}$/)
    expect((await door.ask('/api/v1/windows', { cookie: planted })).status).toBe(401)
    expect((await door.ask('/api/v1/windows', { cookie: own ?? '' })).status).toBe(200)
  })

  test('under the idempotency key of another caller gets an answer of its own', async () => {
    const replayed = async (authorization: string) => {
      const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': 'the-same-key' }
      const body = '{"duties":["health-checks"]}'
      const answer = await door.ask('/api/v1/scan', { cookie: null, method: 'POST', body, headers })
      return [answer.status, answer.headers.get('idempotent-replayed')]
    }
    const one = await door.token({ name: 'one', role: 'operator' })
    const other = await door.token({ name: 'other', role: 'operator' })
    expect([await replayed(one), await replayed(other), await replayed(one)]).toEqual([
      [200, null],
      [200, null],
      [200, 'true'],
    ])
  })

  test('of a token that was revoked ends with its stream of events', async () => {
    const authorization = await door.token({ name: 'listening', role: 'viewer' })
    const events = await door.ask('/api/v1/events', { cookie: null, headers: { authorization } })
    expect(events.status).toBe(200)
    await door.atTerminal('token.revoke', { name: 'listening' })
    expect(await events.text()).not.toContain('changed')
  }, 10_000)
})

describe('what is written of it', () => {
  test('is one line of JSON for each request, without signs that a terminal obeys', async () => {
    await door.ask('/api/v1/%1b%5b31m%0d%0a{"forged":1}')
    await raw(door, `GET /\u001b[31m HTTP/1.1\r\nhost: ${host()}\r\nconnection: close\r\n\r\n`)
    await raw(door, `GET /x\r\n\tforged HTTP/1.1\r\nhost: ${host()}\r\n\r\n`)
    for (const line of door.log) {
      expect(line.endsWith('\n') && line.indexOf('\n') === line.length - 1).toBe(true)
      expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
      expect(Object(JSON.parse(line)).forged).toBeUndefined()
    }
  })

  test('says who came in, who did not, and who asked for what under which id', async () => {
    const lines = () => door.log.map((line) => Object(JSON.parse(line)))
    await door.signIn()
    await fetch(`${door.origin}/enter?link=wrong`, { redirect: 'manual' })
    expect(
      lines()
        .filter(({ msg }) => msg === 'signed in')
        .at(-1),
    ).toMatchObject({ who: 'ada' })
    expect(
      lines()
        .filter(({ msg }) => msg === 'not signed in')
        .at(-1),
    ).toMatchObject({ who: null })
    for (const accept of ['application/json', 'text/event-stream']) {
      const answer = await door.order('/api/v1/scan', { duties: ['health-checks'] }, { accept })
      await answer.text()
      const id = answer.headers.get('x-request-id')
      await expect
        .poll(() => lines().find(({ reqId, msg }) => reqId === id && msg === 'answered'))
        .toMatchObject({
          req: { method: 'POST', path: '/api/v1/scan' },
          res: { status: 200 },
          who: { person: 'ada', by: 'session' },
        })
    }
  })
})

describe('who tries for long', () => {
  test('a connection that sends nothing, or a little at a time, is closed', async () => {
    for (const { ms } of await slow) expect(ms).toBeLessThan(slowMs)
  }, 40_000)

  test('wrong tokens of one address are told to wait, and the right one is let through', async () => {
    const right = await door.token({ name: 'right', role: 'viewer' })
    const status = async (authorization: string) =>
      (await door.ask('/api/v1/windows', { cookie: null, headers: { authorization } })).status
    const tried: number[] = []
    for (let count = 0; count < 12; count += 1)
      tried.push(await status(`Bearer upk_${String(count).repeat(43).slice(0, 43)}`))
    expect(tried.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(tried.slice(10)).toEqual([429, 429])
    expect(await status(right)).toBe(200)
  })

  test('wrong links are told to wait', async () => {
    const tried: number[] = []
    for (let count = 0; count < 12; count += 1)
      tried.push((await fetch(`${door.origin}/enter?link=wrong-${count}`, { redirect: 'manual' })).status)
    expect(tried.at(-1)).toBe(429)
  })
})

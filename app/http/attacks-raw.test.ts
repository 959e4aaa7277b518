import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raw, routesOf } from './attacks.cases.ts'
import { type Served, served } from './served.cases.ts'

let door: Served
let port: string
let cookie: string
beforeAll(async () => {
  door = await served()
  port = new URL(door.origin).port
  cookie = await door.signIn()
}, 60_000)
afterAll(() => door.stop())

const own = () => `host: 127.0.0.1:${port}\r\n`
const signedIn = () => `${own()}cookie: ${cookie}\r\n`
const ask = async (line: string, headers: string, body = '') =>
  (await raw(door, `${line} HTTP/1.1\r\n${headers}connection: close\r\n\r\n${body}`)).answer
const statusOf = (answer: string) => Number(answer.slice(9, 12))

describe('what no client of ours sends', () => {
  const broken: readonly (readonly [string, number, () => string])[] = [
    ['an address with a broken escape', 400, () => `GET /fleet/%zz<script> HTTP/1.1\r\n${signedIn()}`],
    ['an overlong form of a dot', 400, () => `GET /assets/%c0%ae%c0%ae/<script> HTTP/1.1\r\n${own()}`],
    ['a name that is too long', 400, () => `GET /findings/${'x'.repeat(9_000)} HTTP/1.1\r\n${signedIn()}`],
    ['an endless address', 431, () => `GET /?<script>${'x'.repeat(40_000)} HTTP/1.1\r\n${own()}`],
    ['two lengths', 400, () => `POST /leave HTTP/1.1\r\n${own()}content-length: 3\r\ntransfer-encoding: chunked\r\n`],
    ['a folded header', 400, () => `GET / HTTP/1.1\r\n${own()}x-one: <script>\r\n two\r\n`],
    ['another protocol', 400, () => 'PRI * HTTP/2.0\r\n'],
  ]
  test.each(broken)('%s is answered in our form, and nothing of it is repeated', async (_what, status, head) => {
    const { answer } = await raw(door, `${head()}connection: close\r\n\r\n`)
    expect(statusOf(answer)).toBe(status)
    expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json/i)
    expect(answer).toMatch(/\r\nx-content-type-options: nosniff/i)
    expect(answer).toMatch(/\r\ncontent-security-policy: default-src 'none'/i)
    expect(answer).not.toContain('<script>')
  })

  test('an address that cannot be read has its line in the log like any other', async () => {
    const before = door.log.length
    await ask('GET /assets/%zz', own())
    await expect
      .poll(() => door.log.slice(before).map((line) => Object(JSON.parse(line)).res))
      .toEqual([{ status: 400 }])
  })

  test.each(['OPTIONS', 'TRACE', 'PUT', 'DELETE', 'PATCH'])('%s does nothing anywhere', async (method) => {
    for (const { path } of await routesOf(door)) {
      const answer = await ask(`${method} ${path}`, `${signedIn()}origin: ${door.origin}\r\ncontent-length: 0\r\n`)
      expect([path, statusOf(answer)]).toEqual([path, 404])
      expect([path, /access-control-allow/i.test(answer)]).toEqual([path, false])
    }
  })

  test.each(['x-http-method-override', 'x-method-override', 'x-http-method'])(
    '%s makes no write of a question',
    async (name) => {
      const answer = await ask('GET /api/v1/scan', `${signedIn()}${name}: POST\r\n`)
      expect(statusOf(answer)).toBe(404)
    },
  )

  test('the id of a request is ours, whatever it brings along', async () => {
    const answer = await ask('GET /health/live', `${own()}x-request-id: theirs\r\nrequest-id: theirs\r\n`)
    expect(answer).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/)
    expect(answer).not.toContain('theirs')
  })
})

describe('a name that is not ours', () => {
  const named: readonly (readonly [string, number, () => string])[] = [
    ['our own', 200, () => own()],
    ['that of loopback', 200, () => `host: localhost:${port}\r\n`],
    ['loopback of IPv6', 200, () => `host: [::1]:${port}\r\n`],
    ['one that begins like ours', 403, () => `host: localhost.evil.example:${port}\r\n`],
    ['one that ends like ours', 403, () => `host: evil.localhost:${port}\r\n`],
    ['ours, for another port', 403, () => 'host: localhost:1\r\n'],
    ['ours as an absolute name', 403, () => `host: localhost.:${port}\r\n`],
    ['somebody before it', 403, () => `host: evil@localhost:${port}\r\n`],
    ['IPv4 within IPv6', 403, () => `host: [::ffff:127.0.0.1]:${port}\r\n`],
    ['none', 403, () => ''],
    ['two, the first of them ours', 403, () => `${own()}host: evil.example\r\n`],
    ['two, the last of them ours', 403, () => `host: evil.example\r\n${own()}`],
    ['ours, said by a proxy that is none', 403, () => `host: evil.example\r\nx-forwarded-host: localhost:${port}\r\n`],
    [
      'that a proxy would say, beside ours',
      200,
      () => `${own()}x-forwarded-host: evil.example\r\nforwarded: host=evil\r\n`,
    ],
  ]
  test.each(named)('%s', async (_what, status, headers) => {
    // Under HTTP/1.0 no name need be there.
    const head = headers() === '' ? 'GET /session HTTP/1.0\r\n' : 'GET /session HTTP/1.1\r\n'
    const { answer } = await raw(door, `${head}${headers()}connection: close\r\n\r\n`)
    expect(statusOf(answer)).toBe(status)
    expect(answer).not.toContain('evil')
  })

  test('in the address itself goes before that of the header', async () => {
    for (const path of ['/session', '/api/v1/windows'])
      expect(statusOf(await ask(`GET http://evil.example${path}`, signedIn()))).toBe(403)
  })
})

describe('a page of another port of this machine, with which cookies go along', () => {
  const from = (site: string, rest = '') => `${signedIn()}sec-fetch-site: ${site}\r\n${rest}`
  test.each(['same-site', 'cross-site'])('gets nothing of any question, from a %s page', async (site) => {
    for (const { path } of (await routesOf(door)).filter(({ method }) => method === 'get'))
      for (const mode of ['no-cors', 'cors', 'navigate']) {
        const opens = mode === 'navigate' && !path.startsWith('/api/')
        const answer = await ask(`GET ${path}?no-such-field=1`, from(site, `sec-fetch-mode: ${mode}\r\n`))
        expect([path, mode, statusOf(answer)]).toEqual([path, mode, opens ? 400 : 403])
      }
  })

  test('cannot try links out, nor show ours in a frame; a link to a page of ours opens it', async () => {
    const open = (path: string, dest: string, mode = 'navigate') =>
      ask(`GET ${path}`, from('same-site', `sec-fetch-mode: ${mode}\r\nsec-fetch-dest: ${dest}\r\n`)).then(statusOf)
    expect(await open('/enter?link=wrong', 'image', 'no-cors')).toBe(403)
    expect(await open('/status', 'iframe')).toBe(403)
    expect(await open('/status', 'document')).toBe(200)
    for (const path of ['/api/v1/windows', '/%61pi/v1/windows']) expect(await open(path, 'document')).toBe(403)
  })

  test('that planted a session under the same name keeps the person out, and is not who they are', async () => {
    const answer = await ask('GET /api/v1/windows', `${own()}cookie: upkeep_session=planted; ${cookie}\r\n`)
    expect(statusOf(answer)).toBe(401)
  })

  test('may not ask as an agent either', async () => {
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    const json = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`
    for (const method of ['GET', 'POST', 'DELETE'])
      for (const origin of ['http://evil.example', `http://127.0.0.1:1`, 'null'])
        expect(statusOf(await ask(`${method} /mcp`, `${signedIn()}origin: ${origin}\r\n${json}`, body))).toBe(403)
  })
})

describe('a body', () => {
  const sent = (path: string, body: string, headers = {}) =>
    door.ask(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', origin: door.origin, ...headers },
    })

  test('of nobody is not even waited for', async () => {
    for (const { path } of (await routesOf(door)).filter(({ method, role }) => method === 'post' && role !== null)) {
      const head = `${own()}content-type: application/json\r\ncontent-length: 900000\r\n`
      expect([path, statusOf(await ask(`POST ${path}`, head))]).toEqual([path, 401])
    }
  })

  test.each<[string, string]>([
    ['deep lists', '['.repeat(300_000)],
    ['deep objects', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
    ['brackets in a text that never ends', `"${'['.repeat(100)}`],
    ['the name of a prototype', '{"__proto__":{"duties":[]}}'],
    ['the same, written otherwise', '{"\\u005f_proto__":{"duties":[]}}'],
    ['the same, deep within', '{"duties":[{"\\u005F\\u005fproto__":1}]}'],
  ])('of %s is no JSON to us', async (_what, body) => {
    const answer = await sent('/api/v1/scan', body)
    expect([answer.status, Object(await answer.json()).title]).toEqual([400, expect.stringContaining('cannot be read')])
  })

  test('that brackets stand in as text is read', async () => {
    const answer = await sent(
      '/api/v1/accept',
      JSON.stringify({ finding: `"\\${'['.repeat(90)}`, reason: '{'.repeat(90) }),
    )
    expect(answer.status).toBe(404)
  })

  test('with the names of many fields, or hidden ones, gets them back cut and visible', async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`field${index}`, 1]))
    const answer = await sent('/api/v1/scan', JSON.stringify(many))
    expect(answer.status).toBe(400)
    expect((await answer.text()).length).toBeLessThan(2_000)
    const hidden = await (await sent('/api/v1/scan', JSON.stringify({ 'a\u202e\u001b[31m': 1 }))).json()
    expect(Object(hidden).title).toContain('⟨U+202E⟩⟨U+001B⟩')
  })

  test.each(['text/plain; application/json', 'application/json-patch+json', 'multipart/form-data', 'application/xml'])(
    'as %s is not taken',
    async (type) => {
      expect((await sent('/api/v1/scan', '{}', { 'content-type': type })).status).toBe(415)
    },
  )
})

test('an answer that somebody else has is not confirmed to who may not ask', async () => {
  const tag = (await door.ask('/api/v1/windows')).headers.get('etag') ?? ''
  const known = { headers: { 'if-none-match': tag } }
  expect((await door.ask('/api/v1/windows', known)).status).toBe(304)
  expect((await door.ask('/api/v1/windows', { ...known, cookie: null })).status).toBe(401)
})

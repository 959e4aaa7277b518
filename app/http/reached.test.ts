import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { OidcSettings } from '@upkeep/contract'
import { selfSigned } from '@upkeep/lab/servers/self-signed'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reach } from './reached.cases.ts'
import { keepFresh } from './renewed-tls.ts'
import { oneServer, type Served, served } from './served.cases.ts'
import { readTls } from './tls-files.ts'

const oidc = OidcSettings.parse({ issuer: 'http://127.0.0.1:1', clientId: 'upkeep' })
const portOf = (door: Served) => Number(new URL(door.link()).port)
const linkOf = (door: Served) => door.link().replace(/^[^/]+\/\/[^/]+/, '')
const cookieOf = (line: string | undefined) => line?.split(';', 1)[0] ?? ''

describe('behind a proxy', () => {
  const origin = 'https://upkeep.example'
  const proxy = '127.0.0.2'
  let door: Served
  let port: number
  beforeAll(async () => {
    door = await served(oneServer, '127.0.0.1', { oidc, behind: { origin, proxies: [proxy] } })
    port = portOf(door)
  }, 60_000)
  afterAll(() => door.stop())

  test.each<[string, string, Record<string, string>, number, RegExp]>([
    ['by the proxy, which passes on the Host', proxy, { host: 'upkeep.example' }, 200, /pass/],
    [
      'by the proxy, with the port written out',
      proxy,
      { host: 'upkeep.example:443', 'x-forwarded-proto': 'https' },
      200,
      /pass/,
    ],
    [
      'by the proxy, which says the Host',
      proxy,
      { host: 'localhost', 'x-forwarded-host': 'upkeep.example' },
      200,
      /pass/,
    ],
    [
      'by the proxy, for who came without TLS',
      proxy,
      { host: 'upkeep.example', 'x-forwarded-proto': 'http' },
      403,
      /without TLS/,
    ],
    ['by the proxy, under another name', proxy, { host: 'rebound.example' }, 403, /another Host/],
    [
      'by the proxy, for who asked for loopback',
      proxy,
      { host: 'localhost', 'x-forwarded-for': '203.0.113.9' },
      403,
      /another Host/,
    ],
    ['past the proxy, under its name', '127.0.0.3', { host: 'upkeep.example' }, 403, /Only the proxy/],
    [
      'past the proxy, as if by it',
      '127.0.0.3',
      { host: 'x', 'x-forwarded-host': 'upkeep.example', 'x-forwarded-proto': 'https' },
      403,
      /Only the proxy/,
    ],
  ])('%s', async (_what, from, headers, status, words) => {
    const answer = await reach({ port, path: '/health/live', headers, from })
    expect([answer.status, answer.body]).toEqual([status, expect.stringMatching(words)])
    expect(answer.headers['strict-transport-security']).toBe(status === 200 ? 'max-age=31536000' : undefined)
  })

  test('what it says of where a request came from is believed, and of nobody else', async () => {
    const lastFrom = () =>
      Object(JSON.parse(readFileSync(join(door.state, 'sign-ins.jsonl'), 'utf8').trim().split('\n').at(-1) ?? '')).from
    const far = { host: 'upkeep.example', 'x-forwarded-for': '198.51.100.7, 203.0.113.9' }
    expect((await reach({ port, path: '/enter?link=no', headers: far, from: proxy })).status).toBe(401)
    expect(lastFrom()).toBe('203.0.113.9')
    const near = { host: `localhost:${port}`, 'x-forwarded-for': '203.0.113.9' }
    expect((await reach({ port, path: '/enter?link=no', headers: near })).status).toBe(401)
    expect(lastFrom()).toBe('127.0.0.1')
  })

  test('the link opens on this machine alone, and what it opened is nothing elsewhere', async () => {
    const path = linkOf(door)
    expect((await reach({ port, path, headers: { host: 'upkeep.example' }, from: proxy })).status).toBe(401)
    const entered = await reach({ port, path, headers: { host: `localhost:${port}` } })
    const [line] = entered.headers['set-cookie'] ?? []
    expect([entered.status, line]).toEqual([303, expect.stringMatching(/^upkeep_session=/)])
    const cookie = cookieOf(line)
    const windows = (from: string, host: string, sent: string) =>
      reach({ port, path: '/api/v1/windows', headers: { host, cookie: sent }, from }).then(({ status }) => status)
    expect(await windows('127.0.0.1', `localhost:${port}`, cookie)).toBe(200)
    expect(await windows(proxy, 'upkeep.example', cookie)).toBe(401)
    expect(await windows(proxy, 'upkeep.example', `__Host-${cookie}`)).toBe(401)
  })

  test('a write has to come from a page of the very name that it came under', async () => {
    const leave = (sent: string) =>
      reach({
        port,
        path: '/leave',
        method: 'POST',
        headers: { host: 'upkeep.example', origin: sent },
        from: proxy,
      }).then(({ status }) => status)
    expect(await leave(origin)).toBe(200)
    for (const sent of ['http://upkeep.example', `http://localhost:${port}`, 'https://evil.example', 'null'])
      expect([sent, await leave(sent)]).toEqual([sent, 403])
  })

  test('a provider that does not answer is said to, on a page of ours', async () => {
    const began = await reach({ port, path: '/sign-in', headers: { host: 'upkeep.example' }, from: proxy })
    const [line] = began.headers['set-cookie'] ?? []
    expect([began.status, began.headers.location, line]).toEqual([
      303,
      '/',
      expect.stringMatching(/^__Host-upkeep_sign_in=.*; Secure/),
    ])
    const said = await reach({
      port,
      path: '/session',
      headers: { host: 'upkeep.example', cookie: cookieOf(line) },
      from: proxy,
    })
    expect(JSON.parse(said.body)).toMatchObject({
      session: null,
      signsInWith: '127.0.0.1:1',
      problem: { code: 'provider-down' },
    })
  })
})

const made = selfSigned('DNS:upkeep.example,DNS:*.wild.example,IP:192.0.2.1')

describe.skipIf(made === null)('with TLS of its own, on every address (needs openssl)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'))
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  let door: Served
  let port: number
  beforeAll(async () => {
    writeFileSync(files.certificate, made?.cert ?? '')
    writeFileSync(files.key, made?.key ?? '', { mode: 0o600 })
    door = await served(oneServer, '0.0.0.0', { oidc, tls: files })
    port = portOf(door)
  }, 60_000)
  afterAll(async () => {
    await door.stop()
    rmSync(folder, { recursive: true })
  })
  const live = (host: string) => reach({ port, path: '/health/live', headers: { host }, tls: true })

  test('it goes by the names of its certificate, and by those of loopback; browsers are told to keep to TLS under the first', async () => {
    expect(door.origin).toBe(`https://upkeep.example:${port}`)
    const seen = await Promise.all(
      [
        `upkeep.example:${port}`,
        `192.0.2.1:${port}`,
        `localhost:${port}`,
        `a.wild.example:${port}`,
        'upkeep.example',
        `rebound.example:${port}`,
      ].map(live),
    )
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 403, 403, 403])
    expect(seen.map(({ headers }) => headers['strict-transport-security'] !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })

  test('its cookies are of this host alone, and one without TLS is none', async () => {
    const host = `localhost:${port}`
    const entered = await reach({ port, path: linkOf(door), headers: { host }, tls: true })
    const [line] = entered.headers['set-cookie'] ?? []
    expect(line).toMatch(/^__Host-upkeep_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    const windows = (cookie: string) =>
      reach({ port, path: '/api/v1/windows', headers: { host, cookie }, tls: true }).then(({ status }) => status)
    expect([await windows(cookieOf(line)), await windows(cookieOf(line).replace('__Host-', ''))]).toEqual([200, 401])
  })

  test('without TLS nothing is answered', async () => {
    await expect(reach({ port, path: '/health/live', headers: { host: `localhost:${port}` } })).rejects.toThrow()
  })

  test('a key that others can read, one of another certificate, and no certificate are refused in words', () => {
    const other = join(folder, 'other.pem')
    writeFileSync(other, selfSigned()?.key ?? '', { mode: 0o600 })
    expect(() => readTls({ ...files, key: other })).toThrow('does not belong')
    expect(() => readTls({ ...files, certificate: files.key })).toThrow('holds no certificate')
    expect(() => readTls({ ...files, key: join(folder, 'nowhere.pem') })).toThrow('ENOENT')
    chmodSync(other, 0o644)
    expect(() => readTls({ ...files, key: other })).toThrow('everybody')
  })
})

test.skipIf(made === null)(
  'a renewed certificate is taken up without a restart; one that does not fit is told of (needs openssl)',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tls-'))
    const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    const put = (pair: ReturnType<typeof selfSigned>, seconds: number) => {
      writeFileSync(files.certificate, pair?.cert ?? '')
      writeFileSync(files.key, pair?.key ?? '', { mode: 0o600 })
      utimesSync(files.key, seconds, seconds)
    }
    put(made, 1_000)
    const { createServer } = await import('node:https')
    const { cert, key } = readTls(files)
    const server = createServer({ cert, key })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = Object(server.address())
    const namesNow = () =>
      new Promise<string>((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subjectaltname))
          socket.destroy()
        })
      })
    const stop = new AbortController()
    const told: string[] = []
    keepFresh([server], { files, signal: stop.signal, tell: (line) => told.push(line), everyMs: 10 })
    expect(await namesNow()).toContain('upkeep.example')
    put(selfSigned('DNS:renewed.example'), 2_000)
    await expect.poll(namesNow).toContain('renewed.example')
    writeFileSync(files.certificate, 'no certificate')
    await expect.poll(() => told.at(-1)).toMatch(/not taken up.*holds no certificate/)
    expect(await namesNow()).toContain('renewed.example')
    expect(statSync(files.key).mode & 0o777).toBe(0o600)
    stop.abort()
    server.close()
    rmSync(folder, { recursive: true })
  },
)

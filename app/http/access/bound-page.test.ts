import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, served } from '../served.cases.ts'

const key = 'k'.repeat(43)
let door: Served
beforeAll(async () => {
  door = await served()
}, 60_000)
afterAll(() => door.stop())

/** What a browser with this cookie gets; `page` is the key that its page sends along. */
function asked(path: string, { cookie, page, body }: { cookie: string; page?: string; body?: unknown }) {
  const headers = { ...(page !== undefined && { 'upkeep-page': page }) }
  if (body === undefined) return door.ask(path, { cookie, headers })
  const json = { ...headers, 'content-type': 'application/json', origin: door.origin }
  return door.ask(path, { cookie, method: 'POST', body: JSON.stringify(body), headers: json })
}
const bind = (cookie: string, page: string) => asked('/bind', { cookie, body: { key: page } })

describe('a session that a page bound to itself', () => {
  let cookie: string
  beforeAll(async () => {
    cookie = await door.signIn()
    expect((await asked('/api/v1/windows', { cookie })).status).toBe(200)
    expect(await (await bind(cookie, key)).json()).toEqual({ bound: true })
  })

  test.each<[string, unknown?]>([
    ['/api/v1/windows'],
    ['/api/v1/evidence/export'],
    ['/api/v1/profile', { profile: 'team' }],
    ['/api/v1/keys', {}],
    ['/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' }],
  ])('is nothing without its key: %s', async (path, body) => {
    for (const page of [undefined, '', 'x'.repeat(43), `${key}, ${key}`]) {
      const answer = await asked(path, { cookie, body, ...(page !== undefined && { page }) })
      expect([page, answer.status, Object(await answer.json()).title]).toEqual([
        page,
        403,
        'This session belongs to another page.',
      ])
    }
  })

  test('is used with it', async () => {
    expect((await asked('/api/v1/windows', { cookie, page: key })).status).toBe(200)
    expect((await asked('/api/v1/profile', { cookie, page: key, body: { no: 1 } })).status).toBe(400)
    expect((await bind(cookie, key)).status).toBe(200)
  })

  test('is not bound again to another', async () => {
    expect((await bind(cookie, 'o'.repeat(43))).status).toBe(403)
    expect((await asked('/api/v1/windows', { cookie, page: 'o'.repeat(43) })).status).toBe(403)
  })

  test('hears that there is something, and says who is here: a page learns by it that it has to sign in', async () => {
    const gone = new AbortController()
    const headers = { accept: 'text/event-stream' }
    const events = await door.ask('/api/v1/events', { cookie, headers, signal: gone.signal })
    expect(events.status).toBe(200)
    gone.abort()
    expect(Object(await (await asked('/session', { cookie })).json()).session).toMatchObject({ person: 'ada' })
  })

  test('is left without the key, and binds no other', async () => {
    const other = await door.signIn()
    expect((await asked('/api/v1/windows', { cookie: other })).status).toBe(200)
    expect((await asked('/leave', { cookie, body: {} })).status).toBe(200)
    expect((await asked('/api/v1/windows', { cookie, page: key })).status).toBe(401)
  })
})

test.each([{}, { key: 'short' }, { key, more: 1 }, { key: 'ü'.repeat(43) }, []])('%j binds nothing', async (body) => {
  const cookie = await door.signIn()
  expect((await asked('/bind', { cookie, body })).status).toBe(400)
  expect((await asked('/api/v1/windows', { cookie })).status).toBe(200)
})

test('who is nobody binds nothing, and a token takes no key', async () => {
  expect((await bind('upkeep_session=none', key)).status).toBe(401)
  const authorization = await door.token({ name: 'free', role: 'viewer' })
  expect((await door.ask('/api/v1/windows', { cookie: null, headers: { authorization } })).status).toBe(200)
})

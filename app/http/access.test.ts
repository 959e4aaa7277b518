import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Role } from '@upkeep/contract'
import { openStore } from '@upkeep/engine/store/open-store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deciding } from '../operations/agents.cases.ts'
import { operations } from '../operations/table.ts'
import { holds } from './access/principal.ts'
import { type Route, routesOf } from './attacks.cases.ts'
import { exposed } from './exposed.ts'
import { type Served, served } from './served.cases.ts'

const table = exposed(operations)
let door: Served
beforeAll(async () => {
  door = await served()
}, 60_000)
afterAll(() => door.stop())

function asToken(path: string, authorization: string, init: RequestInit = {}) {
  const headers = { authorization, 'content-type': 'application/json', ...Object(init.headers) }
  return door.ask(path, { cookie: null, ...init, headers })
}

/** What a call of this route with a field that it does not have is answered: 400 once it got past the door, 401 or 403 before. */
async function triedAs({ path, method }: Route, headers: Record<string, string>): Promise<number> {
  const answer = await (method === 'get'
    ? door.ask(`${path}?no-such-field=1`, { cookie: null, headers })
    : door.ask(path, {
        cookie: null,
        method: 'POST',
        body: '{"no-such-field":1}',
        headers: { 'content-type': 'application/json', ...headers },
      }))
  await answer.arrayBuffer()
  return answer.status
}

describe('a role opens what the table says', () => {
  test.each(Role.options)('a token of the role %s, over every route that is published', async (role) => {
    const authorization = await door.token({ name: `of-${role}`, role })
    for (const one of await routesOf(door)) {
      const expected = one.role === null || holds([role], one.role) ? 400 : 403
      const { method, path } = one
      expect([method, path, await triedAs(one, { authorization })]).toEqual([method, path, expected])
    }
  })

  test('who is nobody gets nothing from any route that is published, but those that say so', async () => {
    const routes = await routesOf(door)
    const published = new Set(routes.map(({ method, path }) => `${method} ${path}`))
    for (const one of table)
      expect(published).toContain(`${one.effect === 'read' ? 'get' : 'post'} /api/v1/${one.path}`)
    for (const one of routes.filter(({ role }) => role !== null))
      expect([one.method, one.path, await triedAs(one, {})]).toEqual([one.method, one.path, 401])
  })

  describe('and a session holds what upkeep.yaml gives whoever sits there, at each request', () => {
    let own: Served
    beforeAll(async () => {
      own = await served()
    }, 60_000)
    afterAll(() => own.stop())
    const named = (people: string) => writeFileSync(join(own.home, 'upkeep.yaml'), `version: 1\npeople: ${people}\n`)
    const write = async ({ path }: { path: string }) => (await own.order(`/api/v1/${path}`, { no: 1 })).status

    test.each(Role.options)('as %s', async (role) => {
      named(`[{ id: ada, name: Ada, roles: [${role}] }]`)
      for (const one of table.filter(({ effect }) => effect === 'write')) {
        const passes = holds([role], one.role) || one.operation.byDelegate !== undefined
        expect([one.operation.id, await write(one)]).toEqual([one.operation.id, passes ? 400 : 403])
      }
    })

    test('who is not named among others looks; where nobody is named, whoever sits there may do all', async () => {
      named('[{ id: bob, name: Bob, roles: [admin] }]')
      expect(await write({ path: 'profile' })).toBe(403)
      expect((await own.ask('/api/v1/windows')).status).toBe(200)
      named('[]')
      expect(await write({ path: 'profile' })).toBe(400)
    })

    test('to whom a right to approve was delegated gets through to the change, and nobody else without the role', async () => {
      named('[{ id: ada, name: Ada, roles: [viewer] }, { id: bob, name: Bob, roles: [approver] }]')
      const approve = async (change: string) => {
        const answer = await own.order('/api/v1/approve', { change })
        return [answer.status, Object(await answer.json()).code]
      }
      expect(await approve('no-such-change')).toEqual([403, 'not-allowed'])
      const bob = { signer: { person: 'bob', presence: 'not-proven' as const, signature: null } }
      await own.atTerminal('approve', { change: 'delegate', to: 'ada', until: '5d', key: 'k' }, bob)
      expect(await approve('no-such-change')).toEqual([404, 'not-found'])
      expect(await approve('policies')).toEqual([403, 'not-allowed'])
    })
  })
})

describe('a token', () => {
  const decisions = Object.entries(deciding).filter(([id]) => table.some(({ operation }) => operation.id === id))

  test.each(decisions)('of an admin decides nothing by %s', async (id, inputs) => {
    const authorization = await door.token({ name: `decides-${id}`, role: 'admin' })
    for (const input of inputs) {
      const path = `/api/v1/${id.replaceAll('.', '/')}`
      const answer = await asToken(path, authorization, { method: 'POST', body: JSON.stringify(input) })
      expect([answer.status, Object(await answer.json()).title]).toEqual([
        403,
        expect.stringContaining('decide nothing'),
      ])
    }
  })

  test('opens what it names and nothing besides', async () => {
    const authorization = await door.token({ name: 'scoped', role: 'admin', operations: ['windows,token.list'] })
    expect((await asToken('/api/v1/windows', authorization)).status).toBe(200)
    for (const path of ['/api/v1/servers', '/metrics', '/api/v1/runs'])
      expect([path, (await asToken(path, authorization)).status]).toEqual([path, 403])
    const listed = Object(await (await asToken('/api/v1/token/list', authorization)).json()).tokens
    expect(listed).toContainEqual(expect.objectContaining({ name: 'scoped', operations: ['token.list', 'windows'] }))
  })

  test('lies in the state as a digest, is in no log line, and notes when it was used', async () => {
    const authorization = await door.token({ name: 'quiet', role: 'viewer' })
    expect((await asToken('/api/v1/windows', authorization)).status).toBe(200)
    const store = await openStore({ stateDir: door.state })
    const used = async () => (await store.tokens.list()).find(({ name }) => name === 'quiet')?.usedAt ?? null
    await expect.poll(used).not.toBeNull()
    const secret = authorization.slice('Bearer '.length)
    expect(secret).toMatch(/^upk_[A-Za-z0-9_-]{43}$/)
    expect(JSON.stringify(await store.tokens.list())).not.toContain(secret)
    expect((await store.attestations.list()).map(({ scope }) => scope)).toContain('api-token/quiet')
    await store.close()
    expect(door.log.join('')).not.toContain(secret)
    expect(door.log.join('')).toContain('{"person":"token:quiet","by":"token"}')
  })

  test('opens nothing from the moment in which it is revoked, at the terminal or over HTTP', async () => {
    for (const [name, revoke] of [
      ['here', (input: Record<string, unknown>) => door.atTerminal('token.revoke', input)],
      ['there', (input: Record<string, unknown>) => door.order('/api/v1/token/revoke', input)],
    ] as const) {
      const authorization = await door.token({ name, role: 'viewer' })
      const first = await asToken('/api/v1/windows', authorization)
      expect(first.status).toBe(200)
      await revoke({ name })
      const again = await asToken('/api/v1/windows', authorization, {
        headers: { 'if-none-match': first.headers.get('etag') ?? '' },
      })
      expect([again.status, again.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      await expect(door.token({ name, role: 'viewer' })).rejects.toThrow('before')
    }
  })

  test('that is wrong is not replaced by the session of the same browser', async () => {
    const answer = await door.ask('/api/v1/windows', { headers: { authorization: 'Bearer upk_wrong' } })
    expect(answer.status).toBe(401)
  })

  test.each([
    [{ name: 'x', role: 'viewer', until: '2000-01-01' }, 'over'],
    [{ name: 'x', role: 'viewer', until: '900d' }, 'at most'],
    [{ name: 'x', role: 'viewer', operations: ['serve'] }, 'no operation'],
    [{ name: 'X y', role: 'viewer' }, 'small letters'],
  ])('is not made of %j', async (input, words) => {
    await expect(door.atTerminal('token.new', input)).rejects.toThrow(words)
  })

  test('is never made over HTTP', async () => {
    expect((await door.order('/api/v1/token/new', { name: 'by-http', role: 'viewer' })).status).toBe(404)
  })
})

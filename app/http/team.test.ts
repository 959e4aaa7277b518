import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OidcSettings } from '@upkeep/contract'
import { madePasskey } from '@upkeep/engine/kernel/testing/made-passkey'
import { type ServedTeam, servedTeam, teamPeople } from '@upkeep/lab/servers/team-door'
import { leaveProvider, throughProvider, type UserAgent, userAgent } from '@upkeep/lab/servers/user-agent'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { served } from './served.cases.ts'

let door: ServedTeam
beforeAll(async () => {
  door = await servedTeam()
}, 60_000)
afterAll(() => door.stop())

/** A browser that is at the provider, and where it was sent. */
async function begun(): Promise<{ agent: UserAgent; at: URL }> {
  const agent = userAgent()
  const answer = await agent.go(`${door.origin}/sign-in`)
  expect(answer.status).toBe(303)
  return { agent, at: new URL(answer.headers.get('location') ?? '') }
}

/** What the browser is told when it comes back with this. */
async function cameBack(agent: UserAgent, back: URL | string) {
  const answer = await agent.go(back)
  await answer.text()
  const { session, problem } = await door.sessionOf(agent)
  return { status: answer.status, session, code: Object(problem).code }
}

const records = () =>
  readFileSync(join(door.state, 'sign-ins.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Object(JSON.parse(line)))

describe('somebody signs in with the provider', () => {
  test('by code with PKCE, state and nonce, and is then who upkeep.yaml names', async () => {
    const { agent, at } = await begun()
    expect(at.origin).toBe(door.provider.issuer)
    const asked = Object.fromEntries(at.searchParams)
    expect(asked).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', scope: 'openid email' })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/)
    const back = await throughProvider(agent, at, 'ada')
    const answer = await agent.go(back)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
    const set = answer.headers.getSetCookie().find((one) => one.startsWith('upkeep_session='))
    expect(set).toMatch(/HttpOnly/)
    expect(set).toMatch(/SameSite=Strict/)
    expect((await door.sessionOf(agent)).session).toMatchObject({
      person: 'ada',
      name: 'Ada',
      how: 'provider',
      roles: ['admin', 'approver'],
    })
    expect(agent.cookies(door.origin).has('upkeep_sign_in')).toBe(false)
  })

  test.each([
    ['ada', 'ada'],
    ['bob', 'bob'],
    ['carol-at-the-provider', 'carol'],
    ['vic', 'vic'],
  ])('%s is %s, with the roles that stand there', async (name, person) => {
    const { cookie } = await door.signInAs(name)
    const of = async (path: string, body: unknown) => (await door.order(path, body, { cookie })).status
    expect((await door.ask('/api/v1/windows', { cookie })).status).toBe(200)
    // 400: let through, and then a field that is not there.
    expect(await of('/api/v1/token/revoke', { no: 1 })).toBe(person === 'ada' ? 400 : 403)
    expect(await of('/api/v1/scan', { no: 1 })).toBe(['ada', 'bob'].includes(person) ? 400 : 403)
  })

  test('back on the page that they wanted, and on no other site', async () => {
    for (const [to, landed] of [
      ['/findings/abc', '/findings/abc'],
      ['https://evil.example/', '/'],
      ['//evil.example/', '/'],
      ['/\\evil.example', '/'],
    ]) {
      const agent = userAgent()
      const started = await agent.go(`${door.origin}/sign-in?to=${encodeURIComponent(to ?? '')}`)
      const back = await throughProvider(agent, started.headers.get('location') ?? '', 'vic')
      expect([to, (await agent.go(back)).headers.get('location')]).toEqual([to, landed])
    }
  })

  test('what is taken from them in upkeep.yaml is gone with the next request', async () => {
    const { agent, cookie } = await door.signInAs('vic')
    const file = join(door.home, 'upkeep.yaml')
    const before = readFileSync(file, 'utf8')
    try {
      writeFileSync(file, `version: 1\npeople:\n${teamPeople.replace('vic@example.com', 'other@example.com')}`)
      expect((await door.ask('/api/v1/windows', { cookie })).status).toBe(401)
      expect((await door.sessionOf(agent)).session).toBeNull()
      writeFileSync(file, 'version: 1\npeople: [no list of people')
      expect((await door.ask('/api/v1/windows', { cookie })).status).toBe(401)
    } finally {
      writeFileSync(file, before)
    }
    expect((await door.ask('/api/v1/windows', { cookie })).status).toBe(200)
  })

  test('and out: the session ends here and at the provider, which comes back', async () => {
    const { agent, cookie } = await door.signInAs('bob')
    const left = await agent.go(`${door.origin}/leave`, { method: 'POST', headers: { origin: door.origin } })
    const { next } = Object(await left.json())
    const there = new URL(next)
    expect(there.origin).toBe(door.provider.issuer)
    expect(there.searchParams.get('post_logout_redirect_uri')).toBe(`${door.origin}/`)
    expect(there.searchParams.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    const asks = await agent.go(there)
    expect([asks.status, await asks.text()]).toEqual([200, expect.stringContaining('sign-out')])
    expect((await door.ask('/api/v1/windows', { cookie })).status).toBe(401)
    expect(records().at(-1)).toMatchObject({ outcome: 'signed-out', person: 'bob', how: 'provider' })
  })
})

describe('the provider signs somebody out', () => {
  const isIn = async ({ cookie }: { cookie: string }) => (await door.ask('/api/v1/windows', { cookie })).status === 200

  test('and that browser is out here at once, while their other ones and everybody else stay', async () => {
    const [left, other, bob] = [await door.signInAs('ada'), await door.signInAs('ada'), await door.signInAs('bob')]
    await leaveProvider(left.agent, door.provider.issuer)
    expect([await isIn(left), await isIn(other), await isIn(bob)]).toEqual([false, true, true])
    expect(records().at(-1)).toMatchObject({
      outcome: 'signed-out-there',
      how: 'provider',
      person: 'ada',
      subject: 'ada',
    })
    expect((await door.sessionOf(left.agent)).session).toBeNull()
  })

  test('and nobody else says so: not by an ID token, not from a page, not as JSON', async () => {
    const [vic, another] = [await door.signInAs('vic'), await door.signInAs('vic')]
    const left = await another.agent.go(`${door.origin}/leave`, { method: 'POST', headers: { origin: door.origin } })
    const idToken = new URL(Object(await left.json()).next).searchParams.get('id_token_hint')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const shown = (body: string, headers = {}) =>
      fetch(`${door.origin}/sign-out/back-channel`, { method: 'POST', body, headers: { ...form, ...headers } })
    for (const body of ['', 'logout_token=', `logout_token=${idToken}`, `logout_token=a.b.c&logout_token=a.b.c`]) {
      const answer = await shown(body)
      expect([body, answer.status, answer.headers.get('cache-control')]).toEqual([body, 400, 'no-store'])
      expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
    }
    expect(await isIn(vic)).toBe(true)
    const asJson = await door.order('/sign-out/back-channel', { logout_token: idToken }, {})
    expect(asJson.status).toBe(400)
    const elsewhere = await shown('logout_token=a.b.c', { origin: 'https://evil.example' })
    expect(elsewhere.status).toBe(403)
  })
})

describe('a restart', () => {
  test('signs nobody out whom the provider signed in; who was signed out stays out, and the link opens anew', async () => {
    const team = await servedTeam()
    const [ada, bob] = [await team.signInAs('ada'), await team.signInAs('bob')]
    const own = await team.signIn()
    await bob.agent.go(`${team.origin}/leave`, { method: 'POST', headers: { origin: team.origin } })
    const again = await team.restart()
    try {
      const status = async (cookie: string) => (await again.ask('/api/v1/windows', { cookie })).status
      expect([await status(ada.cookie), await status(bob.cookie), await status(own)]).toEqual([200, 401, 401])
      const [file = ''] = readdirSync(join(team.state, 'sessions'))
      expect(await status(`upkeep_session=${file}`)).toBe(401)
      const left = await again.ask('/leave', { cookie: ada.cookie, method: 'POST', headers: { origin: again.origin } })
      // The provider is told whom to sign out, with what it gave before the restart.
      expect(Object(await left.json()).next).toMatch(/id_token_hint=[\w-]+\.[\w-]+\.[\w-]+/)
      expect(await status(ada.cookie)).toBe(401)
      expect(readdirSync(join(team.state, 'sessions'))).toEqual([])
    } finally {
      await again.stop()
      await team.provider.stop()
    }
  }, 60_000)
})

describe('nobody gets in', () => {
  test.each([
    ['stranger', 'unknown-person', /stranger@example\.com.*no role/],
    ['mallory', 'unknown-person', /without an address that it has verified/],
    ['robot-client', 'is-a-program', /agent/],
  ])('as %s, and is told why, in their own browser alone', async (name, code, words) => {
    const { agent, landed } = await door.signInAs(name)
    expect(landed).toBe('/')
    const { session, problem } = await door.sessionOf(agent)
    expect([session, Object(problem).code]).toEqual([null, code])
    expect(Object(problem).message).toMatch(words)
    expect((await door.sessionOf(userAgent())).problem).toBeNull()
    expect((await agent.go(`${door.origin}/api/v1/windows`)).status).toBe(401)
    expect(records().at(-1)).toMatchObject({ outcome: code, person: null, subject: name })
  })

  test('with another state than was given', async () => {
    const { agent, at } = await begun()
    const back = await throughProvider(agent, at, 'ada')
    back.searchParams.set('state', 'x'.repeat(43))
    expect(await cameBack(agent, back)).toEqual({ status: 303, session: null, code: 'not-believed' })
  })

  test('with another nonce than was given', async () => {
    const { agent, at } = await begun()
    at.searchParams.set('nonce', 'y'.repeat(43))
    expect(await cameBack(agent, await throughProvider(agent, at, 'ada'))).toMatchObject({
      session: null,
      code: 'not-believed',
    })
  })

  test('with a code for another PKCE verifier', async () => {
    const { agent, at } = await begun()
    at.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
    expect(await cameBack(agent, await throughProvider(agent, at, 'ada'))).toMatchObject({
      session: null,
      code: 'not-believed',
    })
  })

  test('with an answer that says that it is of another issuer', async () => {
    const { agent, at } = await begun()
    const back = await throughProvider(agent, at, 'ada')
    back.searchParams.set('iss', 'https://evil.example')
    expect(await cameBack(agent, back)).toMatchObject({ session: null, code: 'not-believed' })
  })

  test('with a code that was used, in the same browser and in another sign-in', async () => {
    const { agent, at } = await begun()
    const back = await throughProvider(agent, at, 'vic')
    expect((await cameBack(agent, back)).session).not.toBeNull()
    expect(await cameBack(agent, back)).toMatchObject({ status: 303, code: 'not-begun-here' })
    const other = await begun()
    const own = await throughProvider(other.agent, other.at, 'vic')
    own.searchParams.set('code', back.searchParams.get('code') ?? '')
    expect(await cameBack(other.agent, own)).toMatchObject({ session: null, code: 'not-believed' })
  })

  test('who turns back at the provider', async () => {
    const { agent, at } = await begun()
    const state = at.searchParams.get('state') ?? ''
    const iss = door.provider.issuer
    const back = `${door.origin}/sign-in/back?${new URLSearchParams({ error: 'access_denied', state, iss })}`
    expect(await cameBack(agent, back)).toMatchObject({ session: null, code: 'refused-by-provider' })
  })

  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['line ends', 'a\r\nset-cookie: upkeep_session=x\r\n\r\n'],
    ['the name of a prototype', '__proto__'],
    ['a long text', 'x'.repeat(2_000)],
    ['signs that a terminal obeys', '\u001b[31m\u202e'],
  ])('with %s in what the provider is said to answer, and nothing of it is repeated', async (_what, text) => {
    const { agent, at } = await begun()
    const state = at.searchParams.get('state') ?? ''
    const said = {
      error: text,
      error_description: text,
      error_uri: text,
      iss: door.provider.issuer,
      state,
      [text]: text,
    }
    const answer = await agent.go(`${door.origin}/sign-in/back?${new URLSearchParams(said)}`)
    expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([303, '/', ''])
    expect(answer.headers.getSetCookie().join()).not.toContain('upkeep_session')
    const shown = await (await agent.go(`${door.origin}/session`)).text()
    expect(Object(JSON.parse(shown)).problem.code).toMatch(/^(refused-by-provider|not-believed)$/)
    for (const place of [shown, JSON.stringify(records().at(-1)), door.log.slice(-3).join('')])
      expect(place).not.toContain(text.slice(0, 40))
  })
})

describe('people decide', () => {
  const Change = z.looseObject({
    change: z.looseObject({ id: z.string(), phase: z.string(), heldBy: z.string().nullable() }),
  })
  const mode = () => (statSync(join(door.home, '.cursor', 'mcp.json')).mode & 0o777).toString(8)

  /** Somebody in their own browser, with a passkey of theirs. */
  async function withPasskey(name: string) {
    const { cookie } = await door.signInAs(name)
    const passkey = madePasskey(door.origin)
    let count = 0
    const order = async (path: string, body: unknown): Promise<{ status: number; body: unknown }> => {
      const first = await door.order(path, body, { cookie })
      const said = await first.json()
      if (Object(said).code !== 'signature-needed') return { status: first.status, body: said }
      count += 1
      const signed = passkey.sign(Object(said).signature.statement, { count })
      const headers = { cookie, 'passkey-assertion': Buffer.from(signed).toString('base64url') }
      const second = await door.order(path, body, headers)
      return { status: second.status, body: await second.json() }
    }
    expect((await order('/api/v1/keys', { passkey: passkey.offered })).status).toBe(200)
    return { order, cookie }
  }

  test('and whoever asked for a change is not the one who approves it, each signed in with the provider', async () => {
    const [ada, carol, bob] = [
      await withPasskey('ada'),
      await withPasskey('carol-at-the-provider'),
      await door.signInAs('bob'),
    ]
    for (const folder of [join(door.home, '..'), door.home, join(door.home, '.cursor')]) chmodSync(folder, 0o755)
    chmodSync(join(door.home, '.cursor', 'mcp.json'), 0o666)
    expect(
      (await door.order('/api/v1/scan', { duties: ['vulnerability-scanning'] }, { cookie: bob.cookie })).status,
    ).toBe(200)
    const proposed = Change.parse(
      (await ada.order('/api/v1/fix', { what: ['config-writable-by-others'], propose: true })).body,
    )
    const { id: change } = proposed.change
    const own = await ada.order('/api/v1/approve', { change })
    expect([own.status, JSON.stringify(own.body)]).toEqual([403, expect.stringContaining('and so cannot approve it')])
    expect([(await ada.order('/api/v1/fix', { change })).status, mode()]).toEqual([403, '666'])
    expect((await carol.order('/api/v1/approve', { change })).status).toBe(200)
    const made = Change.parse(await (await door.order('/api/v1/fix', { change }, { cookie: bob.cookie })).json())
    expect([made.change.phase, mode()]).toEqual(['closed', '644'])
    const [record] = Object(
      await (await door.ask(`/api/v1/changes?change=${change}`, { cookie: bob.cookie })).json(),
    ).changes
    expect(JSON.stringify(record)).toMatch(/"person":"carol","presence":"passkey"/)
  }, 60_000)

  test('and a program decides nothing, whatever it holds at the provider', async () => {
    const { agent } = await door.signInAs('robot-client')
    const approve = await agent.go(`${door.origin}/api/v1/approve`, {
      method: 'POST',
      body: '{"change":"x"}',
      headers: { origin: door.origin, 'content-type': 'application/json' },
    })
    expect(approve.status).toBe(401)
  })
})

describe('a session', () => {
  test('that was planted before is no session afterwards, and what was there before the sign-in is ended', async () => {
    const first = await door.signInAs('vic')
    const agent = userAgent()
    agent.cookies(door.origin).set('upkeep_session', first.cookie.split('=')[1] ?? '')
    const started = await agent.go(`${door.origin}/sign-in`)
    await agent.go(await throughProvider(agent, started.headers.get('location') ?? '', 'bob'))
    const after = agent.cookies(door.origin).get('upkeep_session')
    expect(`upkeep_session=${after}`).not.toBe(first.cookie)
    expect((await door.sessionOf(agent)).session).toMatchObject({ person: 'bob' })
    expect((await door.ask('/api/v1/windows', { cookie: first.cookie })).status).toBe(401)
  })

  test('is not given to a browser that another one began the sign-in for', async () => {
    const attacker = await begun()
    const back = await throughProvider(attacker.agent, attacker.at, 'vic')
    const victim = userAgent()
    expect(await cameBack(victim, back)).toEqual({ status: 303, session: null, code: 'not-begun-here' })
  })

  test('of the link is recorded as such: the owner of the machine gets in without the provider', async () => {
    await door.signIn()
    expect(records().at(-1)).toMatchObject({ outcome: 'signed-in', how: 'link', person: 'ada', provider: null })
    const file = join(door.state, 'sign-ins.jsonl')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toMatch(/eyJ|upkeep_session|code=/)
  })

  test('is listed for who holds the role, the newest first, with who was turned away', async () => {
    const list = async (cookie: string) => door.ask('/api/v1/sign-ins?count=500', { cookie })
    const [ada, vic] = [await door.signInAs('ada'), await door.signInAs('vic')]
    expect((await list(vic.cookie)).status).toBe(403)
    const { signIns } = Object(await (await list(ada.cookie)).json())
    expect(signIns[0]).toMatchObject({
      outcome: 'signed-in',
      how: 'provider',
      person: 'vic',
      provider: door.provider.issuer,
      from: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    })
    // Nobody is a minute late: what was listed a moment ago is not what is told now.
    await door.signInAs('bob')
    expect(Object(await (await list(ada.cookie)).json()).signIns[0]).toMatchObject({ person: 'bob' })
    const typed = Object(await door.atTerminal('sign-ins', { failed: true })).signIns
    expect(new Set(typed.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
      new Set(['unknown-person', 'is-a-program', 'not-believed', 'not-begun-here', 'refused-by-provider']),
    )
  })
})

describe('the provider', () => {
  test('that gives a code which is over, and then is down: nobody gets in, and it is said which', async () => {
    const other = await servedTeam({ codeSeconds: 1 })
    try {
      const agent = userAgent()
      const started = await agent.go(`${other.origin}/sign-in`)
      const back = await throughProvider(agent, started.headers.get('location') ?? '', 'ada')
      await new Promise((resolve) => setTimeout(resolve, 2_200))
      await agent.go(back)
      expect(await other.sessionOf(agent)).toMatchObject({ session: null, problem: { code: 'not-believed' } })
      const again = await agent.go(`${other.origin}/sign-in`)
      const late = await throughProvider(agent, again.headers.get('location') ?? '', 'ada')
      await other.provider.stop()
      await agent.go(late)
      const said = await other.sessionOf(agent)
      expect(said).toMatchObject({ session: null, problem: { code: 'provider-down' } })
      expect(Object(said.problem).action).toContain('upkeep serve --local')
      // Whoever owns the machine gets in meanwhile.
      expect((await other.ask('/api/v1/windows')).status).toBe(200)
    } finally {
      await other.stop()
    }
  }, 60_000)

  test('that calls itself otherwise than upkeep.yaml does is not asked', async () => {
    const named = door.provider.issuer.replace('127.0.0.1', 'localhost')
    const oidc = OidcSettings.parse({ issuer: named, clientId: 'upkeep' })
    const other = await served(undefined, 'localhost', { oidc })
    try {
      const agent = userAgent()
      const started = await agent.go(`${other.origin}/sign-in`)
      expect(started.headers.get('location')).toBe('/')
      const said = Object(await (await agent.go(`${other.origin}/session`)).json())
      expect(said).toMatchObject({ session: null, problem: { code: 'not-believed' } })
    } finally {
      await other.stop()
    }
  }, 60_000)
})

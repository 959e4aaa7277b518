import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { practiceClient, practiceRobot } from '@upkeep/lab/servers/openid-provider'
import { type ServedTeam, servedTeam, teamAccounts } from '@upkeep/lab/servers/team-door'
import { throughProvider, userAgent } from '@upkeep/lab/servers/user-agent'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

let door: ServedTeam
let resource: string
beforeAll(async () => {
  door = await servedTeam()
  resource = `${door.origin}/mcp`
}, 60_000)
afterAll(() => door.stop())

const Given = z.looseObject({ access_token: z.string(), id_token: z.string().optional() })

async function given(client: { id: string; secret: string }, asked: Record<string, string>) {
  const answer = await fetch(`${door.provider.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams(asked),
  })
  return Given.parse(await answer.json())
}

/** What a program gets in its own name. */
const robots = async (of: string) =>
  (await given(practiceRobot, { grant_type: 'client_credentials', resource: of })).access_token

/** What a client gets in the name of somebody who let it. */
async function persons(name: string, of: string | null) {
  const verifier = randomBytes(32).toString('base64url')
  const redirect = `${door.origin}/sign-in/back`
  const wanted: Record<string, string> = of === null ? {} : { resource: of }
  const asked = new URLSearchParams({
    ...{ client_id: practiceClient.id, response_type: 'code', scope: 'openid email', redirect_uri: redirect },
    ...{ code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' },
    ...wanted,
  })
  const back = await throughProvider(userAgent(), `${door.provider.issuer}/auth?${asked}`, name)
  const code = back.searchParams.get('code') ?? ''
  const grant = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier }
  return given(practiceClient, { ...grant, ...wanted })
}

function mcp(token: string, method: string, params: Record<string, unknown> = {}) {
  return door.ask('/mcp', {
    cookie: null,
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
  })
}

const resultOf = async (answer: Response) => Object(JSON.parse((await answer.text()).replace(/^[^{]*/, ''))).result

test('who is not let in learns where tokens are issued, and for what', async () => {
  const refused = await door.ask('/mcp', {
    cookie: null,
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  const place = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? ''
  expect([refused.status, place]).toEqual([401, `${door.origin}/.well-known/oauth-protected-resource/mcp`])
  expect(await (await fetch(place)).json()).toMatchObject({ resource, authorization_servers: [door.provider.issuer] })
})

describe('a token of the provider that is for this resource', () => {
  test('opens the questions to a program that upkeep.yaml names, which are recorded in its name', async () => {
    const token = await robots(resource)
    const listed = await resultOf(await mcp(token, 'tools/list'))
    expect(listed.tools.map(({ name }: { name: string }) => name)).toContain('may-use')
    const called = await resultOf(await mcp(token, 'tools/call', { name: 'windows', arguments: {} }))
    expect(called.structuredContent).toHaveProperty('windows')
    const lines = readFileSync(join(door.state, 'mcp-questions.jsonl'), 'utf8')
    expect(lines).toContain('"person":"oidc:robot"')
    expect(lines + door.log.join('')).not.toContain(token)
  })

  test('of a person opens the questions too, and nothing besides', async () => {
    const { access_token: token } = await persons('carol-at-the-provider', resource)
    expect((await mcp(token, 'tools/list')).status).toBe(200)
    const headers = { authorization: `Bearer ${token}` }
    for (const path of ['/api/v1/windows', '/metrics', '/calendar.ics', '/api/v1/events'])
      expect([path, (await door.ask(path, { cookie: null, headers })).status]).toEqual([path, 401])
    const approve = await door.order('/api/v1/approve', { change: 'x' }, { cookie: '', ...headers })
    expect(approve.status).toBe(401)
  })

  test.each(['approve', 'accept', 'fix', 'scan', 'token_revoke'])('has no tool %s', async (name) => {
    const answer = await mcp(await robots(resource), 'tools/call', { name, arguments: {} })
    expect(await answer.text()).toContain('There is no such tool')
  })
})

describe('what opens nothing', () => {
  const parts = (token: string) => token.split('.') as [string, string, string]
  const packed = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  test.each<[string, () => Promise<string>]>([
    ['a token for another resource', () => robots('https://other.example/mcp')],
    ['a token for the whole origin', () => robots(door.origin)],
    ['a token that is no JWT', async () => (await persons('carol-at-the-provider', null)).access_token],
    ['an ID token', async () => (await persons('carol-at-the-provider', null)).id_token ?? ''],
    ['a token of somebody whom nobody named', async () => (await persons('stranger', resource)).access_token],
    ['one with an address that is not verified', async () => (await persons('mallory', resource)).access_token],
    [
      'one whose claims were changed',
      async () => {
        const [head, body, signature] = parts(await robots(resource))
        const claims = Object(JSON.parse(Buffer.from(body, 'base64url').toString()))
        return [head, packed({ ...claims, sub: 'carol-at-the-provider' }), signature].join('.')
      },
    ],
    [
      'one that is signed by nobody',
      async () => [packed({ alg: 'none' }), parts(await robots(resource))[1], 'x'].join('.'),
    ],
    [
      'one that is signed with what everybody knows',
      async () => {
        const jwks = await (await fetch(`${door.provider.issuer}/jwks`)).text()
        const text = [packed({ alg: 'HS256', kid: 'practice' }), parts(await robots(resource))[1]].join('.')
        return `${text}.${createHmac('sha256', jwks).update(text).digest('base64url')}`
      },
    ],
    [
      'one that is signed with another key of the same name',
      async () => {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
        const text = [packed({ alg: 'RS256', kid: 'practice' }), parts(await robots(resource))[1]].join('.')
        return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
      },
    ],
  ])('%s', async (_what, made) => {
    expect((await mcp(await robots(resource), 'tools/list')).status).toBe(200)
    expect((await mcp(await made(), 'tools/list')).status).toBeOneOf([401, 429])
  })

  test('a token that is over', async () => {
    await door.provider.register({ origins: [door.origin], accounts: teamAccounts, tokenSeconds: 1 })
    const token = await robots(resource)
    expect((await mcp(token, 'tools/list')).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    expect((await mcp(token, 'tools/list')).status).toBeOneOf([401, 429])
  })
})

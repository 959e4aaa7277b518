import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logoutTokens } from './logout-tokens.ts'
import type { Provider } from './provider.ts'

const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
const event = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const issuer = 'https://login.example.com'

let keys: Server
let provider: Provider
beforeAll(async () => {
  const jwk = { ...(await exportJWK(own.publicKey)), alg: 'RS256', use: 'sig', kid: 'one' }
  keys = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
  const { port } = keys.address() as AddressInfo
  const none = () => Promise.reject(new Error('it is not asked for this'))
  const keysAt = async () => `http://127.0.0.1:${port}/keys`
  provider = { issuer, clientId: 'upkeep', host: 'login.example.com', begin: none, finish: none, leaveAt: none, keysAt }
})
afterAll(() => keys.close())

const now = () => Math.floor(Date.now() / 1_000)
let made = 0

/** As a provider makes it, but for what is said otherwise. */
function claims(over: JWTPayload = {}): JWTPayload {
  made += 1
  return {
    iss: issuer,
    aud: 'upkeep',
    iat: now(),
    exp: now() + 120,
    jti: `t${made}`,
    sid: 's1',
    events: event,
    ...over,
  }
}

function signed(payload: JWTPayload, { key = own.privateKey, typ = 'logout+jwt' } = {}): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one', typ }).sign(key)
}

test.each([
  ['of one session', {}, { subject: null, sid: 's1' }],
  ['of somebody', { sub: 'ada', sid: undefined }, { subject: 'ada', sid: null }],
  ['of both', { sub: 'ada' }, { subject: 'ada', sid: 's1' }],
  ['for several audiences, us among them', { aud: ['other', 'upkeep'] }, { sid: 's1' }],
  ['by a clock that is a little ahead', { iat: now() + 30 }, { sid: 's1' }],
])('a token %s is believed, once', async (_, over, expected) => {
  const believed = logoutTokens(provider)
  const token = await signed(claims(over))
  expect(await believed(token)).toMatchObject(expected)
  expect(await believed(token)).toBeNull()
})

test.each<[string, JWTPayload]>([
  ['another issuer', { iss: 'https://evil.example' }],
  ['another client', { aud: 'other' }],
  ['no time', { iat: undefined }],
  ['a time of long ago', { iat: now() - 3_600, exp: now() + 3_600 }],
  ['an end that is over', { iat: now() - 200, exp: now() - 100 }],
  ['a time to come', { iat: now() + 3_600 }],
  ['no id', { jti: undefined }],
  ['no event', { events: undefined }],
  ['another event', { events: { 'http://schemas.openid.net/event/other': {} } }],
  ['an event that is none', { events: { 'http://schemas.openid.net/event/backchannel-logout': 'yes' } }],
  ['a nonce, as ID tokens have it', { nonce: 'n' }],
  ['nobody in it', { sid: undefined }],
  ['a session of another kind', { sid: { is: 's1' } }],
])('a token with %s is not', async (_, over) => {
  expect(await logoutTokens(provider)(await signed(claims(over)))).toBeNull()
})

test('nor one of another key, of another kind, or that is signed by nobody', async () => {
  const believed = logoutTokens(provider)
  expect(await believed(await signed(claims(), { key: foreign.privateKey }))).toBeNull()
  expect(await believed(await signed(claims(), { typ: 'at+jwt' }))).toBeNull()
  expect(await believed(new UnsecuredJWT(claims()).encode())).toBeNull()
  for (const none of ['', 'a.b.c', 'x'.repeat(30_000)]) expect(await believed(none)).toBeNull()
})

import { type MadePasskey, madePasskey } from '@upkeep/engine/kernel/testing/made-passkey'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { codeOf } from '../operations/passkey-offers.ts'
import { oneServer, type Served, served } from './served.cases.ts'

const Problem = z.looseObject({
  code: z.string(),
  title: z.string(),
  signature: z
    .strictObject({ shown: z.string(), statement: z.string(), challenge: z.string(), credentials: z.array(z.string()) })
    .optional(),
})
const Listed = z.looseObject({
  keys: z.array(z.looseObject({ person: z.string(), code: z.string(), vouched: z.boolean() })),
})
const Findings = z.looseObject({
  findings: z.array(
    z.looseObject({ finding: z.looseObject({ statement: z.looseObject({ fingerprint: z.string() }) }) }),
  ),
})

let door: Served
let passkey: MadePasskey
let finding: string
beforeAll(async () => {
  door = await served(oneServer, 'localhost')
  passkey = madePasskey(door.origin)
  await door.order('/api/v1/scan', {})
  const listed = Findings.parse(await (await door.ask('/api/v1/findings?severity=high')).json())
  finding = listed.findings[0]?.finding.statement.fingerprint ?? ''
}, 60_000)
afterAll(() => door.stop())

const packed = (stored: string) => ({ 'passkey-assertion': Buffer.from(stored).toString('base64url') })
const problemOf = async (response: Response) => Problem.parse(await response.json())

async function asked(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await door.order(path, body, headers)
  expect(response.status).toBe(409)
  const { code, signature } = await problemOf(response)
  expect(code).toBe('signature-needed')
  if (signature === undefined) throw new Error('nothing is asked')
  return signature
}

function accept(headers?: Readonly<Record<string, string>>, reason = 'a reason') {
  return door.order('/api/v1/accept', { finding, until: '30d', reason }, headers)
}

test('a session alone decides nothing that weighs, and forges no signature', async () => {
  expect((await problemOf(await accept())).code).toBe('needs-a-person')
  expect((await problemOf(await accept(packed(passkey.sign('anything'))))).code).toBe('needs-a-person')
  expect((await accept({ 'passkey-assertion': 'no assertion' })).status).toBe(400)
})

test('the first passkey of a person is believed, once it signed for itself', async () => {
  const body = { passkey: passkey.offered }
  const signature = await asked('/api/v1/keys', body)
  expect(signature.credentials).toEqual([passkey.credential])
  expect(signature.statement).toContain(passkey.line)
  const forged = madePasskey(door.origin).sign(signature.statement, { credential: passkey.credential })
  expect((await problemOf(await door.order('/api/v1/keys', body, packed(forged)))).title).toContain(
    'its signature is wrong',
  )
  const again = await asked('/api/v1/keys', body)
  const answer = await door.order('/api/v1/keys', body, packed(passkey.sign(again.statement, { count: 1 })))
  expect(answer.status).toBe(200)
  const { keys } = Listed.parse(await answer.json())
  expect(keys).toMatchObject([{ person: 'ada', code: codeOf(passkey.line), vouched: false }])
})

test('what weighs is decided by a signature over exactly what was shown, and kept with it', async () => {
  const order = { finding, until: '30d', reason: 'we live with it' }
  const key = { 'idempotency-key': 'accept-with-a-passkey' }
  const signature = await asked('/api/v1/accept', order, key)
  expect(signature.statement).toContain('reason we live with it')
  const signed = packed(passkey.sign(signature.statement, { count: 2 }))
  const answer = await door.order('/api/v1/accept', order, { ...key, ...signed })
  expect(answer.status).toBe(200)
  const body = await answer.text()
  expect(body).toContain('"presence":"passkey"')
  // Sent again, its answer is still there, and nothing is asked or done anew.
  const repeated = await door.order('/api/v1/accept', order, { ...key, ...signed })
  expect(repeated.headers.get('idempotent-replayed')).toBe('true')
  expect(await repeated.text()).toBe(body)
})

test.each<[string, (statement: string) => string, RegExp]>([
  ['over another text', (text) => passkey.sign(`${text} `, { count: 20 }), /another text/],
  ['at another page', (text) => passkey.sign(text, { count: 20, origin: 'http://localhost:1' }), /not signed at/],
  [
    'by a passkey that did not ask for its owner',
    (text) => passkey.sign(text, { count: 20, flags: 1 }),
    /sure of its owner/,
  ],
  ['by a passkey that nobody enrolled', (text) => madePasskey(door.origin).sign(text), /no passkey of yours/],
  ['with a count that went back', (text) => passkey.sign(text, { count: 1 }), /count went back/],
])('a signature %s decides nothing', async (_what, signed, why) => {
  const order = { finding, until: '30d', reason: 'not like this' }
  const { statement } = await asked('/api/v1/accept', order)
  const answer = await door.order('/api/v1/accept', order, packed(signed(statement)))
  expect(answer.status).toBe(403)
  const { title } = await problemOf(answer)
  expect(title).toMatch(why)
})

test('a signature for one request signs no other, and asked anew it is another challenge', async () => {
  const first = await asked('/api/v1/accept', { finding, until: '30d', reason: 'one' })
  const other = await asked('/api/v1/accept', { finding, until: '31d', reason: 'other' })
  expect(other.challenge).not.toBe(first.challenge)
  const crossed = packed(passkey.sign(first.statement, { count: 30 }))
  const answer = await door.order('/api/v1/accept', { finding, until: '31d', reason: 'other' }, crossed)
  expect((await problemOf(answer)).title).toContain('another text')
})

test('another passkey takes the signature of one in force, and a forged one gets no further', async () => {
  const second = madePasskey(door.origin, 'EdDSA')
  const body = { passkey: second.offered }
  const own = await asked('/api/v1/keys', body)
  const vouch = await asked('/api/v1/keys', body, packed(second.sign(own.statement)))
  expect(vouch.credentials).toEqual([passkey.credential])
  expect(vouch.statement).toBe(own.statement)
  const refused = await door.order('/api/v1/keys', body, packed(second.sign(own.statement)))
  expect(refused.status).toBe(403)
  const { keys } = Listed.parse(await (await door.ask('/api/v1/keys')).json())
  expect(keys).toHaveLength(1)
  const anew = await asked('/api/v1/keys', body)
  await asked('/api/v1/keys', body, packed(second.sign(anew.statement)))
  const answer = await door.order('/api/v1/keys', body, packed(passkey.sign(anew.statement, { count: 40 })))
  expect(answer.status).toBe(200)
  expect(Listed.parse(await answer.json()).keys.map(({ vouched }) => vouched)).toEqual([false, true])
})

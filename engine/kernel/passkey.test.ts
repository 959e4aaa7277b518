import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { bindsPasskeys, checkAssertion, countIn, passkeyLine, readPasskey, storedAssertion } from './passkey.ts'
import { checkPersonSignature } from './person-signature.ts'
import { madePasskey, type SignedParts } from './testing/made-passkey.ts'

const origin = 'http://localhost:7420'
const text = 'upkeep approval/1\nchange c1\n'
const good = { state: 'good', touched: true }

test.each(['ES256', 'EdDSA', 'RS256'] as const)(
  'what a passkey of %s signed holds over this text and no other',
  (algorithm) => {
    const passkey = madePasskey(origin, algorithm)
    const signed = passkey.sign(text)
    expect(checkPersonSignature(passkey.line, signed, text)).toEqual(good)
    expect(checkPersonSignature(passkey.line, signed, `${text} `)).toEqual({
      state: 'bad',
      reason: 'what it signed is another text',
    })
  },
)

test.each<[string, Partial<SignedParts>]>([
  ['another challenge', { challenge: 'AAAA' }],
  ['another page of the same name', { origin: 'http://localhost:9999' }],
  ['a page inside another', { crossOrigin: true }],
  ['another site', { party: 'example.org' }],
  ['the making of a passkey', { type: 'webauthn.create' }],
  ['nobody there', { flags: 0x04 }],
  ['an owner who was not made sure of', { flags: 0x01 }],
  ['another passkey', { credential: Buffer.from('another credential').toString('base64url') }],
])('a signature of %s counts for nothing, though its key made it', (_what, over) => {
  const passkey = madePasskey(origin)
  expect(checkAssertion(passkey.line, passkey.sign(text, over), text)).toMatchObject({ state: 'bad' })
})

test('another key under the same id does not sign for it', () => {
  const [one, two] = [madePasskey(origin), madePasskey(origin)]
  const forged = two.sign(text, { credential: one.credential })
  expect(checkAssertion(one.line, forged, text)).toEqual({ state: 'bad', reason: 'its signature is wrong' })
})

test('no byte of it can be another', () => {
  const passkey = madePasskey(origin)
  const signed = passkey.sign(text, { count: 3 })
  const parts: Record<string, string> = JSON.parse(signed)
  for (const name of ['authenticatorData', 'clientDataJSON', 'signature']) {
    const bytes = Buffer.from(parts[name] ?? '', 'base64url')
    for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const altered = Buffer.from(bytes)
      altered[at] = (altered[at] ?? 0) ^ 0x02
      const stored = storedAssertion({ ...parts, [name]: altered.toString('base64url') }) ?? ''
      expect(checkAssertion(passkey.line, stored, text)).toMatchObject({ state: 'bad' })
    }
  }
  for (const other of ['', '{}', ` ${signed}`, JSON.stringify({ ...parts, more: 'AAAA' }), 'x'.repeat(20_000)])
    expect(checkAssertion(passkey.line, other, text)).toMatchObject({ state: 'bad' })
  expect(countIn(signed)).toBe(3)
})

test('a key that is weak, of another kind than it says, or for no page is none', () => {
  const spki = (type: 'rsa' | 'ec') =>
    (type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 1_024 })
      : generateKeyPairSync('ec', { namedCurve: 'P-384' })
    ).publicKey.export({ type: 'spki', format: 'der' })
  const credential = Buffer.from('a credential of a test').toString('base64url')
  const line = (algorithm: string, bytes: Buffer, at = origin) =>
    passkeyLine({ algorithm, publicKey: bytes.toString('base64url'), credential, origin: at })
  expect(readPasskey(madePasskey(origin).line)).toMatchObject({ algorithm: 'ES256', origin })
  for (const bad of [
    line('RS256', spki('rsa')),
    line('ES256', spki('ec')),
    madePasskey(origin, 'EdDSA').line.replace('EdDSA', 'ES256'),
    madePasskey('http://localhost:7420').line.replace('http:', 'file:'),
    `${madePasskey(origin).line} more`,
  ])
    expect(readPasskey(bad)).toBeNull()
})

test.each([
  ['http://localhost:7420', true],
  ['https://upkeep.example.org', true],
  ['http://upkeep.example.org', false],
  ['http://127.0.0.1:7420', false],
  ['https://127.0.0.1', false],
  ['http://[::1]:7420', false],
])('%s can have passkeys: %s', (page, can) => {
  expect(bindsPasskeys(page)).toBe(can)
})

import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { envelopeBody, envelopeIsSignedBy, sealEnvelope } from './dsse.ts'
import { isSignedBy, signText } from './ed25519.ts'
import { madePublisher } from './testing/made-contract.ts'

const key = madePublisher(7)
const seal = (type: string, body: string) => sealEnvelope(type, body, key)

test('what is signed is what the protocol says', () => {
  // The example of the protocol: DSSEv1 29 http://example.com/HelloWorld 11 hello world
  const { signatures } = seal('http://example.com/HelloWorld', 'hello world')
  const text = 'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.pair.publicKey).toString('base64url') }
  const signature = Buffer.from(signatures[0]?.sig ?? '', 'base64')
  expect(verify(null, Buffer.from(text), createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(true)
})

test('lengths are those of bytes', () => {
  const body = 'grüße 👋'
  const [one] = seal('t', body).signatures
  const signature = Buffer.from(one?.sig ?? '', 'base64')
  expect(isSignedBy(`DSSEv1 1 t ${Buffer.byteLength(body)} ${body}`, signature, key.pair.publicKey)).toBe(true)
})

test('an envelope is signed by its key, for its type and its body alone', () => {
  const envelope = seal('t', '{"a":1}')
  expect(envelopeBody(envelope)).toBe('{"a":1}')
  expect(envelopeIsSignedBy(envelope, key.line)).toBe(true)
  expect(envelopeIsSignedBy({ ...envelope, payloadType: 'u' }, key.line)).toBe(false)
  expect(envelopeIsSignedBy({ ...envelope, payload: seal('t', '{"a":2}').payload }, key.line)).toBe(false)
  expect(envelopeIsSignedBy(envelope, madePublisher(8).line)).toBe(false)
  expect(envelopeIsSignedBy({ ...envelope, signatures: [] }, key.line)).toBe(false)
})

test('a signature for something else is none for an envelope, and the id beside it proves nothing', () => {
  const envelope = seal('t', 'x')
  const bare = Buffer.from(signText('x', key.pair)).toString('base64')
  expect(envelopeIsSignedBy({ ...envelope, signatures: [{ keyid: key.id, sig: bare }] }, key.line)).toBe(false)
  const [one] = envelope.signatures
  expect(envelopeIsSignedBy({ ...envelope, signatures: [{ keyid: '', sig: one?.sig ?? '' }] }, key.line)).toBe(true)
})

test.each(['%', 'AA', 'AAA', 'AA==\n', '/w=='])('%j is no body', (payload) => {
  expect(envelopeBody({ ...seal('t', ''), payload })).toBeNull()
})

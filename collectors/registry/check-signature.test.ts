import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkSignature } from './check-signature.ts'
import { readRegistryKeys, withNewKeys, writeRegistryKeys } from './registry-keys.ts'
import { publishedAs } from './testing/statements.ts'
import { arrivedKeys } from './trust-root.ts'

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const one = { ...publishedAs('@acme/one', '1.0.0', 'bytes'), publishedAt: '2024-06-01T00:00:00.000Z' }
const der = (pair: typeof own) => pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const listed = (expires: string | null, pair = own, keyid = 'SHA256:own') => ({
  keyid,
  keytype: 'ecdsa-sha2-nistp256',
  scheme: 'ecdsa-sha2-nistp256',
  key: der(pair),
  expires,
})
const keysOf = (...keys: unknown[]) => readRegistryKeys({ keys }) ?? []
const keys = keysOf(listed(null))
const signed = (text = `@acme/one@1.0.0:${one.integrity}`, pair = own, keyid = 'SHA256:own') => ({
  keyid,
  sig: sign('sha256', Buffer.from(text), pair.privateKey).toString('base64'),
})

describe('a registry’s signature', () => {
  test('holds over name, version and digest', () => {
    expect(checkSignature(one, [signed()], keys)).toEqual({ state: 'verified', why: 'signed with key SHA256:own' })
  })

  test.each([
    ['another name', { ...one, name: '@acme/two' }],
    ['another version', { ...one, version: '1.0.1' }],
    ['another digest', { ...one, integrity: publishedAs('@acme/one', '1.0.0', 'other').integrity }],
  ])('does not hold over %s', (_name, other) => {
    expect(checkSignature(other, [signed()], keys)).toEqual({
      state: 'failed',
      why: 'the signature of key SHA256:own does not fit the package',
    })
  })

  test('by another key under the same id, or rubbish: failed', () => {
    expect(checkSignature(one, [signed(undefined, foreign)], keys).state).toBe('failed')
    expect(checkSignature(one, [{ keyid: 'SHA256:own', sig: 'rubbish' }], keys).state).toBe('failed')
    expect(checkSignature(one, [{ keyid: 'SHA256:own', sig: '' }], keys).state).toBe('failed')
  })

  test('by a key that is not known: failed, and its id is named without its hidden characters', () => {
    const said = checkSignature(one, [signed(undefined, foreign, 'SHA256:\u001b[31mx')], keys)
    expect(said).toEqual({ state: 'failed', why: expect.stringContaining('not one of this registry') })
    expect(said.why).not.toContain('\u001b')
  })

  test('a second signature that does not fit is not made up for by the first', () => {
    expect(checkSignature(one, [signed(), { keyid: 'SHA256:own', sig: 'AAAA' }], keys).state).toBe('failed')
    expect(checkSignature(one, [signed(), signed(undefined, foreign, 'SHA256:mirror')], keys).state).toBe('verified')
  })

  test.each([
    ['before the key expired', '2024-07-01T00:00:00.000Z', one.publishedAt, 'verified'],
    ['after the key expired', '2024-05-01T00:00:00.000Z', one.publishedAt, 'failed'],
    ['on a day that cannot be believed', '2024-05-01T00:00:00.000Z', null, 'unavailable'],
    ['a day of expiry that is none', 'soon', one.publishedAt, 'unavailable'],
  ])('published %s', (_name, expires, publishedAt, state) => {
    expect(checkSignature({ ...one, publishedAt }, [signed()], keysOf(listed(expires))).state).toBe(state)
  })

  test('nothing to check, or nothing to check with: unavailable', () => {
    expect(checkSignature(one, [], keys)).toEqual({ state: 'unavailable', why: 'unavailable from this registry' })
    expect(checkSignature(one, [signed()], []).state).toBe('unavailable')
    expect(checkSignature({ ...one, integrity: null }, [signed()], keys).state).toBe('failed')
  })
})

describe('keys', () => {
  test('those of npm arrive with the product: two, of which one has expired', () => {
    const forPackages = arrivedKeys().filter((key) => key.use === 'signatures')
    expect(forPackages.map((key) => key.expiresAt)).toEqual(['2025-01-29T00:00:00.000Z', null])
    expect(arrivedKeys().filter((key) => key.use === 'attestations')).toHaveLength(2)
  })

  test('a key of another kind, or rubbish, is left out; what is no list is none', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const spki = rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    expect(keysOf(listed(null), { ...listed(null), key: spki }, { ...listed(null), key: 'AAAA' }, 'x')).toHaveLength(1)
    expect(readRegistryKeys('canary')).toBeNull()
    expect(readRegistryKeys({ keys: 'canary' })).toBeNull()
  })

  test('a registry can add a key and end one, and cannot replace or prolong one', () => {
    const added = withNewKeys(keys, keysOf(listed(null), listed(null, foreign, 'SHA256:new')))
    expect(added.map((key) => key.keyid)).toEqual(['SHA256:own', 'SHA256:new'])
    const [kept] = withNewKeys(keys, keysOf(listed(null, foreign)))
    expect(kept?.key.equals(own.publicKey)).toBe(true)
    expect(withNewKeys(keys, keysOf(listed('2025-01-01')))[0]?.expiresAt).toBe('2025-01-01')
    expect(withNewKeys(keysOf(listed('2025-01-01')), keysOf(listed(null)))[0]?.expiresAt).toBe('2025-01-01')
  })

  test('are read again as they were written', () => {
    const written = JSON.parse(writeRegistryKeys(keysOf(listed('2025-01-01'))))
    const [read] = readRegistryKeys(written) ?? []
    expect(read).toMatchObject({ keyid: 'SHA256:own', expiresAt: '2025-01-01' })
    expect(read?.key.equals(own.publicKey)).toBe(true)
  })
})

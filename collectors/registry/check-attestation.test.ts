import { generateKeyPairSync } from 'node:crypto'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkAttestations } from './check-attestation.ts'
import type { RegistryKey } from './registry-keys.ts'
import { type SerializedBundle, type SigningAuthority, startAuthority } from './testing/signing-authority.ts'
import { provenanceOf, provenanceType, publishedAs, publishOf, publishType } from './testing/statements.ts'

const bytes = 'what was published'
const one = publishedAs('@acme/one', '1.0.0', bytes)
const asked = { ...one, publishedAt: null }
const npm = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const npmKey: RegistryKey = { keyid: 'SHA256:npm', key: npm.publicKey, startsAt: null, expiresAt: null }
let authority: SigningAuthority
let stranger: SigningAuthority
let provenance: SerializedBundle
let publication: SerializedBundle

beforeAll(async () => {
  ;[authority, stranger] = await Promise.all([startAuthority(), startAuthority()])
  provenance = await authority.bundleOf(provenanceOf(one, bytes))
  publication = await authority.bundleOf(publishOf(one, bytes), { key: { hint: npmKey.keyid, ...npm } })
})
afterAll(async () => {
  await Promise.all([authority.close(), stranger.close()])
})

function check(bundles: [string, unknown][], over: { by?: SigningAuthority; keys?: RegistryKey[] } = {}) {
  const attestations = bundles.map(([predicateType, bundle]) => ({ predicateType, bundle }))
  const root = TrustedRoot.fromJSON((over.by ?? authority).root)
  return checkAttestations(asked, attestations, { root, keys: over.keys ?? [npmKey] })
}

describe('what holds', () => {
  test('a provenance is verified, with the repository and the builder of the certificate', () => {
    const signer = 'https://github.com/acme/one/.github/workflows/publish.yml@refs/tags/v1.0.0'
    expect(check([[provenanceType, provenance]])).toEqual({
      state: 'verified',
      why: `built by ${signer}`,
      signer,
      issuer: 'https://token.actions.githubusercontent.com',
      source: 'https://github.com/acme/one',
      builder: 'https://github.com/actions/runner/github-hosted',
    })
  })

  test('together with npm’s own attestation of the publication', () => {
    expect(
      check([
        [publishType, publication],
        [provenanceType, provenance],
      ]).state,
    ).toBe('verified')
  })

  test('a bundle with its chain of certificates, versions 0.2 and 0.1', async () => {
    const older = await authority.bundleOf(provenanceOf(one, bytes), { certificateChain: true })
    expect(older.mediaType).toContain('version=0.2')
    expect(check([[provenanceType, older]]).state).toBe('verified')
    const oldest = { ...older, mediaType: older.mediaType.replace('0.2', '0.1') }
    expect(check([[provenanceType, oldest]]).state).toBe('verified')
  })

  test('an attested publication alone says nothing of the origin', () => {
    expect(check([[publishType, publication]])).toEqual({
      state: 'unavailable',
      why: 'only its publication is attested, not its origin',
    })
  })

  test('a kind that is not known is not looked at', () => {
    expect(check([['https://example.com/other', { anything: true }]]).state).toBe('unavailable')
    expect(check([]).state).toBe('unavailable')
  })
})

describe('what does not hold', () => {
  const failed = (why: string) => ({ state: 'failed', why: expect.stringContaining(why) })

  test('an authority that the trust root does not name', () => {
    expect(check([[provenanceType, provenance]], { by: stranger })).toEqual(failed('does not hold'))
  })

  test('bytes that were changed after signing', () => {
    const { dsseEnvelope } = provenance
    if (dsseEnvelope === undefined) throw new Error('a bundle without an envelope')
    const payload = Buffer.from(dsseEnvelope.payload, 'base64')
      .toString()
      .replace('refs/tags/v1.0.0', 'refs/tags/v6.6.6')
    const changed = {
      ...provenance,
      dsseEnvelope: { ...dsseEnvelope, payload: Buffer.from(payload).toString('base64') },
    }
    expect(check([[provenanceType, changed]])).toEqual(failed('does not hold'))
  })

  test('an entry of the log that is of another bundle', async () => {
    const other = await authority.bundleOf(provenanceOf(publishedAs('other', '1.0.0', bytes), bytes))
    const { tlogEntries } = other.verificationMaterial
    const mixed = { ...provenance, verificationMaterial: { ...provenance.verificationMaterial, tlogEntries } }
    expect(check([[provenanceType, mixed]])).toEqual(failed('does not hold'))
  })

  test('without an entry in a log', () => {
    const bare = { ...provenance, verificationMaterial: { ...provenance.verificationMaterial, tlogEntries: [] } }
    expect(check([[provenanceType, bare]]).state).toBe('failed')
  })

  test.each([
    ['another package', publishedAs('@acme/two', '1.0.0', bytes), bytes, 'another package: pkg:npm/%40acme/two@1.0.0'],
    ['another version', publishedAs('@acme/one', '1.0.1', bytes), bytes, 'another package: pkg:npm/%40acme/one@1.0.1'],
    ['other bytes', one, 'something else', 'other bytes than the registry publishes'],
  ])('about %s', async (_name, about, attestedBytes, why) => {
    const bundle = await authority.bundleOf(provenanceOf(about, attestedBytes))
    expect(check([[provenanceType, bundle]])).toEqual(failed(why))
  })

  test('a statement that names another repository than the certificate', async () => {
    const bundle = await authority.bundleOf(provenanceOf(one, bytes, 'acme/one'), { repository: 'eve/one' })
    expect(check([[provenanceType, bundle]])).toEqual(failed('another repository than the certificate'))
  })

  test('a provenance that npm’s key signed and no builder', async () => {
    const bundle = await authority.bundleOf(provenanceOf(one, bytes), { key: { hint: npmKey.keyid, ...npm } })
    expect(check([[provenanceType, bundle]])).toEqual(failed('not signed by a builder'))
  })

  test('a publication that was signed with a key that is not known, or had expired', () => {
    const expired = { ...npmKey, expiresAt: '2020-01-01T00:00:00.000Z' }
    const late = { ...npmKey, startsAt: '2999-01-01T00:00:00.000Z' }
    const forPackages = { ...npmKey, use: 'signatures' as const }
    for (const keys of [[], [expired], [late], [forPackages]])
      expect(
        check(
          [
            [publishType, publication],
            [provenanceType, provenance],
          ],
          { keys },
        ),
      ).toEqual(failed('attestation of publication does not hold: its key is not one of this registry'))
  })

  test('a document that calls a publication a provenance', () => {
    expect(check([[provenanceType, publication]])).toEqual(failed('states another kind'))
  })

  test.each([
    ['nothing', null],
    ['a text', 'canary'],
    ['an empty bundle', {}],
    ['a bundle with rubbish for a certificate', 'rubbish'],
  ])('%s', (_name, bundle) => {
    const certificate = { rawBytes: 'AAAA' }
    const material = { ...provenance.verificationMaterial, certificate }
    const given = bundle === 'rubbish' ? { ...provenance, verificationMaterial: material } : bundle
    const said = check([[provenanceType, given]])
    expect(said.state).toBe('failed')
    expect(said.why).not.toContain('canary')
  })
})

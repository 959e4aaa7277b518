import { createHash } from 'node:crypto'
import type { Facts, Observation } from '@upkeep/contract'
import { fleet } from '@upkeep/contract/subject'
import { expect, test } from 'vitest'
import type { Candidate } from './candidate.ts'
import { markWords, originOf } from './origin.ts'

const bytes = Buffer.from('the package')
const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
const candidate: Candidate = {
  kind: 'npm package',
  name: 'notes',
  version: '1.0.0',
  files: [],
  dependencies: [],
  notes: [],
}
const obtained = { bytes, from: '', integrity: 'not asked' as const, expected: null, notes: [] }
const verified = { state: 'verified' as const, why: 'signed with key x' }
const built = { state: 'verified' as const, why: 'built by y', source: 'https://github.com/acme/notes' }

type Version = Facts<'registry'>['packages'][number]['versions'][number]

function seen(more: Partial<Version>, registry: Partial<Facts<'registry'>> = {}): Observation[] {
  const version = { version: '1.0.0', engines: null, deprecated: false, publishedAt: null, integrity, ...more }
  const packages = [{ name: 'notes', state: 'listed' as const, distTags: {}, versions: [version] }]
  const facts = { source: 'https://registry.example', asked: 'live' as const, packages, failed: [], ...registry }
  return [{ kind: 'registry', subject: fleet, state: 'seen', facts }]
}

function origin(observations: readonly Observation[], more: Partial<Parameters<typeof originOf>[1]> = {}) {
  return originOf(observations, { obtained, candidate, online: true, ...more })
}

test('what was checked over these very bytes is verified, and says from where', () => {
  const found = origin(seen({ signature: verified, provenance: built }))
  expect(found).toEqual({
    signature: verified,
    provenance: { state: 'verified', why: 'built by y', builtFrom: 'https://github.com/acme/notes' },
  })
  expect(markWords(found.provenance)).toBe('verified: built by y, from https://github.com/acme/notes')
})

test('a registry that carries none is said without saying it twice', () => {
  expect(markWords(origin(seen({})).signature)).toBe('unavailable from this registry')
})

test.each([
  [
    'other bytes',
    { obtained: { ...obtained, bytes: Buffer.from('others') } },
    integrity,
    'it is over other bytes than these',
  ],
  ['a registry without a digest', {}, null, 'the registry states no SHA-512 of what it is over'],
])('what was checked over %s has failed', (_name, more, stated, why) => {
  const found = origin(seen({ signature: verified, provenance: built, integrity: stated }), more)
  expect(found).toEqual({ signature: { state: 'failed', why }, provenance: { state: 'failed', why } })
})

test('what failed has failed, with its own reason', () => {
  const failed = { state: 'failed' as const, why: 'its signature does not fit' }
  expect(origin(seen({ signature: failed })).signature).toEqual(failed)
})

const other = { ...candidate, version: '9.9.9' }
test.each<[string, ReturnType<typeof origin>, string]>([
  ['carried, not checked', origin(seen({ signed: true, attested: true })), 'carried by this registry, not checked'],
  ['not carried', origin(seen({ signed: false })), 'unavailable from this registry'],
  ['nobody asked', origin([], { online: false }), 'the registry is asked only with --online'],
  [
    'another version',
    origin(seen({ signature: verified }), { candidate: other }),
    'the registry does not list that version',
  ],
  [
    'no answer',
    origin(seen({}, { packages: [], failed: [{ name: 'notes', reason: 'it answered 405' }] })),
    'the registry: it answered 405',
  ],
  [
    'a bundle',
    origin(seen({ signature: verified }), { candidate: { ...candidate, kind: 'MCP bundle' } }),
    'a bundle is in no registry that signs it',
  ],
  [
    'a wheel',
    origin(seen({ signature: verified }), { candidate: { ...candidate, kind: 'Python wheel' } }),
    'signatures and attestations of Python packages are not checked',
  ],
  ['nothing at hand', origin(seen({ signature: verified }), { obtained: null }), 'it could not be had'],
])('%s: unavailable, and why', (_name, found, why) => {
  expect(found).toEqual({ signature: { state: 'unavailable', why }, provenance: { state: 'unavailable', why } })
})

import type { Attestation } from '@upkeep/contract'
import { expect, test } from 'vitest'
import { isSkip, skippedVersion, skippedVersions, skipScope } from './skipped-versions.ts'

const now = '2026-11-22T09:30:00.000Z'
const of = { name: '@acme/files', version: '2.0.1' }
const until = '2026-12-01T23:59:59.999Z'

function said(id: string, more: Partial<Attestation> = {}): Attestation {
  return {
    ...{ id, statement: 'it loses files', scope: skipScope(of), evidence: [], limits: '', person: 'ada' },
    ...{ role: 'operator', at: now, validUntil: until, revokes: null },
    signer: { person: 'ada', presence: 'not-proven', signature: null },
    ...more,
  }
}

test.each([
  ['a decision that stands', [said('a')], true],
  ['none', [], false],
  ['of another version', [said('a', { scope: skipScope({ ...of, version: '2.0.2' }) })], false],
  ['of another package', [said('a', { scope: skipScope({ ...of, name: 'files' }) })], false],
  ['about something else', [said('a', { scope: 'change:1' })], false],
  ['that is over', [said('a', { validUntil: now })], false],
  ['that was taken back', [said('a'), said('b', { revokes: 'a' })], false],
  ['that was taken again', [said('a'), said('b', { revokes: 'a' }), said('c')], true],
])('%s', (_, attestations, stands) => {
  const skipped = { until, person: 'ada', reason: 'it loses files' }
  expect(skippedVersion(attestations, of, now)).toEqual(stands ? skipped : null)
  expect(
    skippedVersions(attestations, now).filter(({ name, version }) => name === of.name && version === of.version),
  ).toEqual(stands ? [{ ...of, ...skipped }] : [])
  expect(attestations.filter(isSkip).length).toBe(attestations.filter(({ scope }) => scope !== 'change:1').length)
})

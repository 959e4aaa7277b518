import type { Attestation } from '@upkeep/contract/person'
import { expect, test } from 'vitest'
import { isTrainedAt } from './training.ts'

const at = '2026-11-27T09:00:00.000Z'
const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }

function stated(over: Partial<Attestation> = {}): Attestation {
  return {
    ...{ id: 's1', statement: 'took the course', scope: 'approving', evidence: [], limits: '', person: 'ada' },
    ...{
      role: 'approver',
      at: '2026-11-01T09:00:00.000Z',
      validUntil: '2027-11-01T09:00:00.000Z',
      revokes: null,
      signer,
    },
    ...over,
  }
}

test.each<[string, Attestation[], boolean]>([
  ['stated and in force', [stated()], true],
  ['nobody stated anything', [], false],
  ['somebody else was', [stated({ person: 'bob' })], false],
  ['in something else', [stated({ scope: 'security-training-updates' })], false],
  ['it has run out', [stated({ validUntil: at })], false],
  ['it was stated afterwards', [stated({ at: '2026-11-28T09:00:00.000Z' })], false],
  ['it was taken back', [stated(), stated({ id: 's2', revokes: 's1' })], false],
  ['it was stated again since', [stated({ validUntil: at }), stated({ id: 's3' })], true],
])('%s', (_, statements, expected) => {
  expect(isTrainedAt(statements, { person: 'ada', scope: 'approving', at })).toBe(expected)
})

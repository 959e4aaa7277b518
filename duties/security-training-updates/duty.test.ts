import type { Attestation, Role, Seen } from '@upkeep/contract'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { securityTrainingUpdates } from './duty.ts'

function trained(scope: string, validUntil: string): Attestation {
  const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
  const at = '2026-06-01T08:00:00.000Z'
  return {
    id: `t-${validUntil}`,
    statement: 'Took the training',
    scope,
    evidence: [],
    limits: '',
    person: 'ada',
    role: 'operator',
    at,
    validUntil,
    revokes: null,
    signer,
  }
}

function record(roles: Role[], attestations: Attestation[]): { record: Seen<'person-record'> } {
  return { record: { state: 'seen', facts: { person: { id: 'ada', name: 'Ada', roles }, attestations } } }
}
const scope = 'security-training-updates'

dutyCases(securityTrainingUpdates, [
  {
    name: 'an operator without training',
    given: record(['operator', 'viewer'], []),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'training-missing', facts: { roles: ['operator'] }, summary: 'no training on record' }],
    },
  },
  {
    name: 'an attestation about something else is no training',
    given: record(['approver'], [trained('health-checks', '2027-06-01T08:00:00.000Z')]),
    expect: { verdict: 'fail', findings: ['training-missing'] },
  },
  {
    name: 'training that ended the moment the run began',
    given: record(['operator'], [trained(scope, '2026-11-22T09:00:00.000Z')]),
    expect: { verdict: 'fail', findings: ['training-expired'] },
  },
  {
    name: 'current training is somebody’s word: unknown, never green',
    given: record(
      ['operator'],
      [trained(scope, '2025-01-01T00:00:00.000Z'), trained(scope, '2027-06-01T08:00:00.000Z')],
    ),
    expect: { verdict: 'unknown', findings: [], unknowns: ['an attestation alone does not show'] },
  },
  {
    name: 'training that soon ends is named',
    given: record(['operator'], [trained(scope, '2026-12-01T09:00:00.000Z')]),
    expect: { verdict: 'unknown', findings: [], unknowns: ['it ends in 9 days'] },
  },
  { name: 'a viewer needs none', given: record(['viewer'], []), expect: { verdict: 'not-applicable', findings: [] } },
  {
    name: 'a record that could not be read',
    given: { record: { state: 'unavailable', code: 'collector-failed', reason: 'no answer' } },
    expect: { verdict: 'unknown', findings: [], unknowns: ['no answer (person-record)'] },
  },
])

import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { doneChange, seenChanges } from '@upkeep/domain/changes/testing/seen'
import { documentationRequirements } from './duty.ts'

const why = 'The vendor ends support of version 1 in May'
const justification = {
  id: 'j',
  at: '2026-11-13T09:00:00.000Z',
  person: 'ada',
  presence: 'not-proven' as const,
  reason: why,
}
const missing = (...fields: string[]) => ({
  verdict: 'fail' as const,
  findings: [{ rule: 'document-incomplete' as const, facts: { change: 'c1', missing: fields } }],
})

dutyCases(documentationRequirements, [
  {
    name: 'low risk, by the findings that it closes',
    given: seenChanges([doneChange()]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'nothing was made',
    given: seenChanges([doneChange({ applyingAt: null })]),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'high risk and a reason of one word',
    given: seenChanges([doneChange({ risk: 'high', reason: 'upgrade' })]),
    expect: missing('rationale'),
  },
  {
    name: 'high risk, no reason and no way back',
    given: seenChanges([doneChange({ risk: 'high', rehearsed: null })]),
    expect: missing('rationale', 'rollback'),
  },
  {
    name: 'said afterwards',
    given: seenChanges([doneChange({ risk: 'high', justifications: [justification] })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'an emergency is written down too',
    given: seenChanges([doneChange({ class: 'emergency', closes: 0 })]),
    expect: missing('rationale'),
  },
])

import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { day, doneChange, seenChanges } from '@upkeep/domain/changes/testing/seen'
import { maintenanceRiskAssessment } from './duty.ts'

const made = (count: number, failed: number) =>
  Array.from({ length: count }, (_, index) =>
    doneChange({ id: `c${index}`, ...(index < failed ? { outcome: 'rolled-back' as const } : {}) }),
  )

dutyCases(maintenanceRiskAssessment, [
  {
    name: 'assessed, and all stand',
    given: seenChanges(made(20, 0)),
    at: day(22),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'five of twenty were taken back',
    given: seenChanges(made(20, 5)),
    at: day(22),
    expect: { verdict: 'fail', findings: [{ rule: 'often-taken-back', facts: { made: 20, failed: 5 } }] },
  },
  {
    name: 'four of twenty were',
    given: seenChanges(made(20, 4)),
    at: day(22),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'of four nothing is said',
    given: seenChanges(made(4, 4)),
    at: day(22),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'made without an assessment',
    given: seenChanges([doneChange({ risk: null })]),
    at: day(22),
    expect: { verdict: 'fail', findings: [{ rule: 'made-unassessed', facts: { change: 'c1' } }] },
  },
  { name: 'where nothing was made nothing is green', given: seenChanges([]), expect: { verdict: 'not-applicable' } },
])

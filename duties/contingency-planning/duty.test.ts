import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { day, doneChange, seenChanges } from '@upkeep/domain/changes/testing/seen'
import { contingencyPlanning } from './duty.ts'

const went = (over: Parameters<typeof doneChange>[0] = {}) => doneChange({ go: true, ...over })
const left = [{ path: '/f', reason: 'somebody changed it since' }]

dutyCases(contingencyPlanning, [
  { name: 'decided and done', given: seenChanges([went()]), at: day(22), expect: { verdict: 'pass', findings: [] } },
  {
    name: 'begun without a decision',
    given: seenChanges([doneChange()]),
    at: day(22),
    expect: { verdict: 'fail', findings: ['begun-undecided'] },
  },
  {
    name: 'a no-go that was never begun',
    given: seenChanges([doneChange({ go: false, phase: 'proposed', outcome: null, applyingAt: null })]),
    at: day(22),
    expect: { verdict: 'not-applicable', findings: [] },
  },
  {
    name: 'taken back in part',
    given: seenChanges([went({ outcome: 'rolled-back-in-part', left })]),
    at: day(22),
    expect: { verdict: 'fail', findings: [{ rule: 'left-in-part', facts: { paths: ['/f'] } }] },
  },
  {
    name: 'stopped in the middle since yesterday',
    given: seenChanges([went({ phase: 'applying', outcome: null })]),
    at: day(22),
    expect: { verdict: 'fail', findings: ['stopped-in-the-middle'] },
  },
  {
    name: 'being made right now',
    given: seenChanges([went({ phase: 'applying', outcome: null, lastAt: '2026-11-22T08:59:00.000Z' })]),
    at: day(22),
    expect: { verdict: 'pass', findings: [] },
  },
])

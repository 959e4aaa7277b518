import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { day, doneChange, seenChanges, word } from '@upkeep/domain/changes/testing/seen'
import { approvalWorkflows } from './duty.ts'

const without = (why: string) => ({
  verdict: 'fail' as const,
  findings: [{ rule: 'made-without-approval' as const, facts: { change: 'c1', counted: 0, wanted: 1, why: [why] } }],
})

dutyCases(approvalWorkflows, [
  {
    name: 'approved by another who may, signed, before it was begun',
    given: seenChanges([doneChange()]),
    expect: { verdict: 'pass', findings: [], passes: ['1 of 1 changes'] },
  },
  { name: 'nothing was ever asked for', given: seenChanges([]), expect: { verdict: 'not-applicable' } },
  {
    name: 'records that were altered: unknown',
    given: { changes: { state: 'unavailable', code: 'malformed', reason: 'not those that were sealed' } },
    expect: { verdict: 'unknown' },
  },
  {
    name: 'made, and nobody approved it',
    given: seenChanges([doneChange({ approvals: [] })]),
    expect: { verdict: 'fail', findings: ['made-without-approval'] },
  },
  {
    name: 'two were asked for and one is there',
    given: seenChanges([doneChange({ asked: { ...doneChange().asked, approvals: 2 } })]),
    expect: { verdict: 'fail', findings: [{ rule: 'made-without-approval', facts: { counted: 1, wanted: 2 } }] },
  },
  {
    name: 'by whoever asked for it',
    given: seenChanges([doneChange({ requester: 'bob' })]),
    expect: without('bob asked for it themselves'),
  },
  {
    name: 'by whoever does not hold the role',
    given: seenChanges([doneChange({ approvals: [word({ holds: ['viewer'] })] })]),
    expect: without('bob does not hold the role approver'),
  },
  {
    name: 'not signed where presence is asked',
    given: seenChanges([doneChange({ approvals: [word({ signature: 'none', presence: 'not-proven' })] })]),
    expect: without('that bob was there is not proven'),
  },
  {
    name: 'not signed where presence is not asked',
    given: seenChanges([
      doneChange({ approvals: [word({ signature: 'none' })], asked: { ...doneChange().asked, presence: false } }),
    ]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'by whoever was not trained in what was asked for',
    given: seenChanges([
      doneChange({ approvals: [word({ trained: [] })], asked: { ...doneChange().asked, training: ['approving'] } }),
    ]),
    expect: without('no training of bob in approving was in force'),
  },
  {
    name: 'by whoever was',
    given: seenChanges([
      doneChange({
        approvals: [word({ trained: ['approving'] })],
        asked: { ...doneChange().asked, training: ['approving'] },
      }),
    ]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'an approval that had ended by then',
    given: seenChanges([doneChange({ approvals: [word({ until: day(12) })] })]),
    expect: without('the approval of bob had ended'),
  },
  {
    name: 'an approval that was taken back before',
    given: seenChanges([doneChange({ approvals: [word({ endedAt: day(12) })] })]),
    expect: without('bob had taken it back'),
  },
  {
    name: 'an approval that was taken back afterwards did count',
    given: seenChanges([doneChange({ approvals: [word({ endedAt: day(13) })] })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'of another plan',
    given: seenChanges([doneChange({ approvals: [word({ ofThisPlan: false })] })]),
    expect: without('what bob approved is another plan'),
  },
  {
    name: 'after the fact',
    given: seenChanges([doneChange({ approvals: [word({ at: day(13) })] })]),
    expect: {
      verdict: 'fail',
      findings: ['made-without-approval', { rule: 'approved-afterwards', facts: { begunAt: day(12) } }],
    },
  },
  {
    name: 'a signature that is none',
    given: seenChanges([doneChange({ approvals: [word(), word({ person: 'cy', signature: 'does-not-hold' })] })]),
    expect: { verdict: 'fail', findings: [{ rule: 'signature-does-not-hold', facts: { person: 'cy' } }] },
  },
  {
    name: 'it waits, and its approval has ended',
    given: seenChanges([
      doneChange({ phase: 'proposed', outcome: null, applyingAt: null, approvals: [word({ until: day(20) })] }),
    ]),
    at: day(22),
    expect: { verdict: 'fail', findings: ['approval-ended'] },
  },
  {
    name: 'with nobody else to ask: said, never green',
    given: seenChanges([doneChange({ requester: 'bob', approvals: [word({ holds: [] })] })], { alone: true }),
    expect: { verdict: 'unknown', findings: [], unknowns: ['separation of duties is not met'] },
  },
])

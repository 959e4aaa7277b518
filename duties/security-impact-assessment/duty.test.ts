import type { SeenChange } from '@upkeep/contract/observations/changes'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { day, doneChange, seenChanges, sheet, word } from '@upkeep/domain/changes/testing/seen'
import { securityImpactAssessment } from './duty.ts'

const assessed = (over: Partial<SeenChange> = {}) =>
  doneChange({
    hasSheet: true,
    sheet: sheet(),
    assessedAt: day(10),
    testedAt: day(10),
    tests: { passed: 3, failed: [], notRun: [] },
    testsPassed: ['rollback rehearsed', 'fs: starts', 'fs: surface'],
    ...over,
  })
const high = { risk: 'high' as const, sheet: sheet({ risk: 'high', approvals: 2 }) }

dutyCases(securityImpactAssessment, [
  {
    name: 'assessed, tested and approved in that order',
    given: seenChanges([assessed()]),
    expect: { verdict: 'pass', findings: [], passes: ['1 of 1 changes were assessed before'] },
  },
  { name: 'nothing was approved', given: seenChanges([]), expect: { verdict: 'not-applicable' } },
  {
    name: 'asked for, and nobody has approved it yet',
    given: seenChanges([
      assessed({ phase: 'proposed', outcome: null, applyingAt: null, approvals: [], sheet: undefined }),
    ]),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'the mode of one file: trivially low',
    given: seenChanges([assessed({ sheet: undefined, hasSheet: false })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'of medium risk, and no sheet was drawn',
    given: seenChanges([assessed({ risk: 'medium', sheet: undefined, hasSheet: false })]),
    expect: { verdict: 'fail', findings: [{ rule: 'no-sheet', facts: { risk: 'medium' } }] },
  },
  {
    name: 'never assessed at all',
    given: seenChanges([assessed({ risk: null, sheet: undefined, hasSheet: false })]),
    expect: { verdict: 'fail', findings: ['no-sheet'] },
  },
  {
    name: 'the sheet is gone from the store',
    given: seenChanges([assessed({ sheet: { state: 'lost', why: 'it is not in the store' } })]),
    expect: { verdict: 'fail', findings: [{ rule: 'sheet-lost', facts: { why: 'it is not in the store' } }] },
  },
  {
    name: 'the sheet is of another plan',
    given: seenChanges([assessed({ sheet: sheet({ plan: 'b'.repeat(64) }) })]),
    expect: { verdict: 'fail', findings: [{ rule: 'sheet-of-another-plan', facts: { sheet: 'b'.repeat(64) } }] },
  },
  {
    name: 'approved before it was assessed',
    given: seenChanges([assessed({ assessedAt: '2026-11-11T10:00:00.000Z' })]),
    expect: { verdict: 'fail', findings: [{ rule: 'approved-before-assessed', facts: { people: ['bob'] } }] },
  },
  {
    name: 'approved before it was assessed, taken back, and approved again',
    given: seenChanges([
      assessed({
        assessedAt: '2026-11-11T10:00:00.000Z',
        approvals: [word({ endedAt: '2026-11-11T11:00:00.000Z' }), word({ at: '2026-11-11T11:00:00.000Z' })],
      }),
    ]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'a test that it asks for was never made',
    given: seenChanges([assessed({ testsPassed: ['rollback rehearsed', 'fs: starts'] })]),
    expect: { verdict: 'fail', findings: [{ rule: 'required-test-missing', facts: { missing: ['fs: surface'] } }] },
  },
  {
    name: 'a test that it asks for failed',
    given: seenChanges([
      assessed({
        testsPassed: ['rollback rehearsed', 'fs: starts'],
        tests: { passed: 2, failed: ['fs: surface'], notRun: [] },
      }),
    ]),
    expect: { verdict: 'fail', findings: [{ rule: 'required-test-missing', facts: { failed: ['fs: surface'] } }] },
  },
  {
    name: 'a test that it asks for could not be run, and that was said',
    given: seenChanges([
      assessed({
        testsPassed: ['rollback rehearsed', 'fs: starts'],
        tests: { passed: 2, failed: [], notRun: ['fs: surface'] },
      }),
    ]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'it asks for two, and one approved',
    given: seenChanges([assessed(high)]),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'fewer-approvals-than-assessed', facts: { asked: 2, approved: 1 } }],
    },
  },
  {
    name: 'it asks for two, and the same person approved twice',
    given: seenChanges([assessed({ ...high, approvals: [word(), word()] })]),
    expect: { verdict: 'fail', findings: ['fewer-approvals-than-assessed'] },
  },
  {
    name: 'it asks for two, and the same right was used twice',
    given: seenChanges([
      assessed({ ...high, approvals: [word(), word({ person: 'cy', onBehalfOf: 'bob', delegated: true })] }),
    ]),
    expect: { verdict: 'fail', findings: ['fewer-approvals-than-assessed'] },
  },
  {
    name: 'it asks for two, and two approved',
    given: seenChanges([assessed({ ...high, approvals: [word(), word({ person: 'cy' })] })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'it asks for two, and there is but one person',
    given: seenChanges([assessed(high)], { alone: true }),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'an emergency takes one by its own policy',
    given: seenChanges([assessed({ ...high, class: 'emergency' })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'what is not known was not said to whoever decided',
    given: seenChanges([assessed({ sheet: sheet({ unknown: ['fs: what it offers was not seen'] }) })]),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'unknown-passed-over', facts: { unknown: ['fs: what it offers was not seen'] } }],
    },
  },
  {
    name: 'what is not known was said',
    given: seenChanges([
      assessed({ sheet: sheet({ unknown: ['fs: what it offers was not seen'], saysUnknown: true }) }),
    ]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'a description that changed in its text only, and the sheet makes nothing of it',
    given: seenChanges([assessed({ sheet: sheet({ texts: 1, controls: [] }) })]),
    expect: { verdict: 'fail', findings: [{ rule: 'texts-called-harmless', facts: { texts: 1 } }] },
  },
  {
    name: 'a description that changed, with a guard and a test named for it',
    given: seenChanges([assessed({ sheet: sheet({ texts: 1 }) })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'a rehearsal of an emergency decides nothing',
    given: seenChanges([
      assessed({
        class: 'emergency',
        sheet: undefined,
        risk: null,
        emergency: { rehearsal: true, evidenceFirst: true, reviewDue: null, reviews: [], secondsToContain: null },
      }),
    ]),
    expect: { verdict: 'not-applicable' },
  },
])

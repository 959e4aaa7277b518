import type { SeenChange } from '@upkeep/contract/observations/changes'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { day, doneChange, seenChanges } from '@upkeep/domain/changes/testing/seen'
import { rollbackPlanning } from './duty.ts'

const closing = { resolved: 1, open: 0, accepted: 0, notKnown: 0 }
const made = (over: Partial<SeenChange> = {}) =>
  doneChange({ kept: 'readable', testedAt: day(10), assessedAt: day(10), closing, ...over })
const waiting = (over: Partial<SeenChange> = {}) =>
  made({
    phase: 'proposed',
    outcome: null,
    applyingAt: null,
    appliedAt: null,
    closedAt: null,
    kept: undefined,
    ...over,
  })

dutyCases(rollbackPlanning, [
  {
    name: 'made, rehearsed, and its bytes are there',
    given: seenChanges([made()]),
    expect: {
      verdict: 'pass',
      findings: [],
      passes: ['of 1 of 1 changes that stand the bytes', 'was walked on copies, of what stands since 2026-11-10'],
    },
  },
  { name: 'nothing was ever changed', given: seenChanges([]), expect: { verdict: 'not-applicable' } },
  {
    name: 'given up before it began: nothing to take back',
    given: seenChanges([waiting({ phase: 'closed', outcome: 'abandoned', rehearsed: 'failed' })]),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'what was kept cannot be read again',
    given: seenChanges([made({ kept: 'lost' })]),
    expect: { verdict: 'fail', findings: [{ rule: 'way-back-lost', facts: { paths: ['/home/ada/config.json'] } }] },
  },
  {
    name: 'what was kept was not read this time: unknown, never green',
    given: seenChanges([made({ kept: 'not-looked' })]),
    expect: { verdict: 'unknown', findings: [], unknowns: ['files of 1 changes can be put back'] },
  },
  {
    name: 'made although the rehearsal failed',
    given: seenChanges([made({ rehearsed: 'failed' })]),
    expect: { verdict: 'fail', findings: [{ rule: 'made-without-rehearsal', facts: { rehearsed: 'failed' } }] },
  },
  {
    name: 'made without any rehearsal',
    given: seenChanges([made({ rehearsed: null })]),
    expect: { verdict: 'fail', findings: [{ rule: 'made-without-rehearsal', facts: { rehearsed: 'never' } }] },
  },
  {
    name: 'it waits, and its way back could not be walked',
    given: seenChanges([waiting({ rehearsed: 'not-run' })]),
    expect: { verdict: 'fail', findings: [{ rule: 'waits-without-rehearsal', facts: { rehearsed: 'not-run' } }] },
  },
  {
    name: 'it waits, and was rehearsed twelve days ago',
    given: seenChanges([waiting()]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'it waits, and was rehearsed longer ago than is allowed',
    given: seenChanges([waiting()]),
    params: { maxRehearsalDays: 7 },
    expect: { verdict: 'fail', findings: [{ rule: 'rehearsal-old', facts: { testedAt: day(10) } }] },
  },
  {
    name: 'what cannot be brought back went through as of low risk',
    given: seenChanges([made({ undoable: false, irreversible: ['the data of before'] })]),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'irreversible-not-weighed', facts: { irreversible: ['the data of before'], risk: 'low' } }],
    },
  },
  {
    name: 'what cannot be brought back is named, and was weighed as high',
    given: seenChanges([made({ undoable: false, irreversible: ['the data of before'], risk: 'high' })]),
    expect: { verdict: 'pass', findings: [], passes: ['1 of 1 name what cannot be brought back'] },
  },
  {
    name: 'taken back into a vulnerability that nobody accepted',
    given: seenChanges([
      made({ outcome: 'rolled-back', undoingAt: day(13), closing: { ...closing, resolved: 0, open: 2 } }),
    ]),
    expect: { verdict: 'fail', findings: [{ rule: 'back-into-vulnerability', facts: { open: 2, since: day(13) } }] },
  },
  {
    name: 'taken back into a vulnerability that is accepted until a day',
    given: seenChanges([
      made({ outcome: 'rolled-back', undoingAt: day(13), closing: { ...closing, resolved: 0, accepted: 2 } }),
    ]),
    expect: { verdict: 'pass', findings: [] },
  },
])

import type { SeenChange } from '@upkeep/contract/observations/changes'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { day, doneChange, seenChanges } from '@upkeep/domain/changes/testing/seen'
import { emergencyProcedures } from './duty.ts'

type Emergency = NonNullable<SeenChange['emergency']>
const emergency = (own: Partial<Emergency> = {}, over: Partial<SeenChange> = {}) =>
  doneChange({
    class: 'emergency',
    emergency: { rehearsal: false, evidenceFirst: true, reviewDue: day(13), reviews: [], secondsToContain: 40, ...own },
    ...over,
  })
const by = (person: string, at = day(12)) => ({ reviews: [{ person, at }] })
const open = { phase: 'proposed' as const, outcome: null, applyingAt: null, appliedAt: null, closedAt: null }

dutyCases(emergencyProcedures, [
  {
    name: 'reviewed by somebody else',
    given: seenChanges([emergency(by('bob'))]),
    at: day(22),
    expect: { verdict: 'pass', findings: [], passes: ['contained 40 s after'] },
  },
  {
    name: 'no review within a day',
    given: seenChanges([emergency()]),
    at: day(14),
    expect: { verdict: 'fail', findings: [{ rule: 'review-missing', action: 'upkeep attest emergency-review/c1' }] },
  },
  {
    name: 'reviewed by nobody but who asked for it',
    given: seenChanges([emergency(by('ada'))]),
    at: day(14),
    expect: { verdict: 'fail', findings: ['review-missing'] },
  },
  {
    name: 'where there is nobody else, their own review counts',
    given: seenChanges([emergency(by('ada'))], { alone: true }),
    at: day(14),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'the day is not over',
    given: seenChanges([emergency()]),
    at: day(12),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'written before what was there was kept',
    given: seenChanges([emergency({ ...by('bob'), evidenceFirst: false })]),
    at: day(22),
    expect: { verdict: 'fail', findings: ['traces-not-first'] },
  },
  {
    name: 'opened and left open',
    given: seenChanges([emergency({ reviewDue: null }, open)]),
    at: day(22),
    expect: { verdict: 'fail', findings: ['not-contained'] },
  },
  {
    name: 'a rehearsal asks for nothing',
    given: seenChanges([
      emergency(
        { rehearsal: true, reviewDue: null, evidenceFirst: false },
        { ...open, phase: 'closed', outcome: 'abandoned' },
      ),
    ]),
    at: day(22),
    expect: { verdict: 'pass', findings: [], passes: ['0 emergencies and 1 rehearsals'] },
  },
  {
    name: 'an ordinary change is none',
    given: seenChanges([doneChange()]),
    at: day(22),
    expect: { verdict: 'not-applicable', findings: [] },
  },
])

import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { behindOurBack, day, doneChange, seenChanges } from '@upkeep/domain/changes/testing/seen'
import { changeDocumentation } from './duty.ts'

dutyCases(changeDocumentation, [
  {
    name: 'made here and seen in force',
    given: seenChanges([doneChange()], { undocumented: [behindOurBack({ justified: true })] }),
    expect: { verdict: 'pass', findings: [], passes: ['2 of 2 changes'] },
  },
  { name: 'nothing was changed', given: seenChanges([]), expect: { verdict: 'not-applicable' } },
  {
    name: 'changed with an editor, and nobody has said why',
    given: seenChanges([doneChange()], { undocumented: [behindOurBack()] }),
    at: day(22),
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'undocumented-change',
          facts: { uid: 1000 },
          summary: 'undocumented, uid 1000, 2026-11-20 14:03, needs justification by 2026-11-28',
          action: 'upkeep changes --justify undocumented-1',
        },
      ],
    },
  },
  {
    name: 'made, and nobody has looked since',
    given: seenChanges([doneChange({ phase: 'applied', outcome: null, closedAt: null })]),
    at: day(22),
    expect: { verdict: 'fail', findings: [{ rule: 'result-not-seen', action: 'upkeep fix --change c1' }] },
  },
  {
    name: 'made this very day',
    given: seenChanges([doneChange({ phase: 'applied', outcome: null, closedAt: null, lastAt: day(21) })]),
    at: day(22),
    expect: { verdict: 'pass', findings: [] },
  },
])

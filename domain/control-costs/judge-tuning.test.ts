import type { SuiteResult } from '@upkeep/contract/observations/control-costs'
import { expect, test } from 'vitest'
import { judgeTuning } from './judge-tuning.ts'

const result = (probe: string, outcome: SuiteResult['outcome'] = 'held'): SuiteResult => ({
  probe,
  outcome,
  detail: `about ${probe}`,
})
const all = [result('authentication'), result('origin')]

test.each([
  ['every probe holds with it', all, all, { state: 'keeps', probes: 2 }],
  [
    'one probe fails',
    all,
    [result('authentication'), result('origin', 'broken')],
    { state: 'refused', probe: 'origin', detail: 'about origin' },
  ],
  [
    'a probe that failed before still refuses it',
    [result('origin', 'broken')],
    [result('origin', 'broken')],
    { state: 'refused', probe: 'origin', detail: 'about origin' },
  ],
  [
    'a probe was left out',
    all,
    [result('authentication')],
    { state: 'not-shown', why: expect.stringContaining('origin') },
  ],
  [
    'a probe came to nothing',
    [result('authentication')],
    [result('authentication'), result('host', 'inconclusive')],
    { state: 'not-shown', why: expect.stringContaining('host') },
  ],
  ['nothing was tried', [], [], { state: 'not-shown', why: 'no probe was made' }],
])('%s', (_name, suiteWithout, suiteWith, expected) => {
  expect(judgeTuning({ suiteWithout, suiteWith })).toEqual(expected)
})

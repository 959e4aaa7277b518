import { expect, test } from 'vitest'
import { inScope } from './pack-scope.ts'

const leaf = (type: 'attestation' | 'finding' | 'acceptance' | 'baseline', index = 1) =>
  ({ index, type, recordId: `r-${index}`, at: '2026-11-22T09:30:00.000Z', leafHash: '' }) as const

test.each<[string, Parameters<ReturnType<typeof inScope>>[0], unknown, boolean, boolean]>([
  [
    'an attestation, whose statement is a sentence',
    leaf('attestation'),
    { scope: 'x', statement: 'looked at it' },
    true,
    false,
  ],
  ['an attestation of the duty', leaf('attestation'), { scope: 'a-duty', statement: 'looked at it' }, true, true],
  ['a finding of the duty', leaf('finding'), { statement: { duty: 'a-duty', fingerprint: 'f' } }, true, true],
  ['a finding of another', leaf('finding'), { statement: { duty: 'other', fingerprint: 'g' } }, true, false],
  ['a baseline', leaf('baseline'), { servers: [] }, true, true],
  ['what is no record', leaf('finding'), [], false, false],
])('%s is in a pack of all, and in one of a duty where it belongs to it', (_, one, record, ofAll, ofDuty) => {
  expect(inScope({})(one, JSON.stringify(record))).toBe(ofAll)
  expect(inScope({ duty: 'a-duty' })(one, JSON.stringify(record))).toBe(ofDuty)
})

test('an acceptance belongs to the duty whose finding came before it; a day cuts what is older', () => {
  const isIn = inScope({ duty: 'a-duty' })
  isIn(leaf('finding'), JSON.stringify({ statement: { duty: 'a-duty', fingerprint: 'f' } }))
  expect(isIn(leaf('acceptance', 2), JSON.stringify({ fingerprint: 'f' }))).toBe(true)
  expect(isIn(leaf('acceptance', 3), JSON.stringify({ fingerprint: 'g' }))).toBe(false)
  expect(inScope({ since: '2026-11-23' })(leaf('baseline'), '{}')).toBe(false)
})

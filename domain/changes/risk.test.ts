import { expect, test } from 'vitest'
import type { ChangeState } from './change-state.ts'
import { calibrationOf, likelihoodOf, likelihoodWords, riskOf } from './risk.ts'
import { pastChange } from './testing/past-change.ts'

const at = (day: number) => new Date(Date.UTC(2026, 9, 1) + day * 86_400_000).toISOString()
/** So many changes, one a day, of which every fourth was taken back. */
const history = (count: number): ChangeState[] =>
  Array.from({ length: count }, (_, index) =>
    pastChange(`c${index}`, { at: at(index), outcome: index % 4 === 3 ? 'rolled-back' : 'done' }),
  )
const next = pastChange('next', { at: at(40), outcome: null })

test('after 20 changes of which 5 failed the estimate has moved to them, with a range', () => {
  const { likelihood } = riskOf(next, history(20), null)
  expect(likelihood).toMatchObject({ similar: 20, failed: 5, littleData: false })
  expect(likelihood.expected).toBeCloseTo(6 / 22, 6)
  // Wilson for 5 of 20 at 95 %, as tables give it.
  expect(likelihood.low).toBeCloseTo(0.1119, 3)
  expect(likelihood.high).toBeCloseTo(0.4687, 3)
  expect(likelihoodWords(likelihood)).toBe('5 of 20 changes like it were taken back: 11 to 47 of 100')
})

test('no history is little data, and never low', () => {
  expect(likelihoodOf([])).toMatchObject({ expected: 0.5, low: 0, high: 1, littleData: true })
  expect(likelihoodWords(likelihoodOf([]))).toMatch(/^little data: no change like it/)
  expect(likelihoodWords(likelihoodOf([false, false]))).toMatch(/^little data: 0 of 2 .* 0 to 66 of 100$/)
  expect(likelihoodOf([false, false, false, false, false]).littleData).toBe(false)
})

test('what can be taken back and what cannot come out differently, with the reason', () => {
  const cannot = pastChange('x', { at: at(40), outcome: null, irreversible: ['the old token is gone'] })
  expect(riskOf(next, [], null)).toMatchObject({
    undoable: true,
    why: expect.arrayContaining(['it can be taken back to the very bytes']),
  })
  expect(riskOf(cannot, [], null)).toMatchObject({
    undoable: false,
    why: expect.arrayContaining(['it cannot be taken back whole: the old token is gone']),
  })
})

test('putting it off shows the exposure grow; without a due date it is said that nobody knows', () => {
  const { deferred } = riskOf(next, [], { at: at(43), now: at(40) })
  expect(deferred).toEqual([
    { days: 0, overdueDays: 0 },
    { days: 7, overdueDays: 4 },
    { days: 30, overdueDays: 27 },
  ])
  expect(riskOf(next, [], null).why.at(-1)).toMatch(/what waiting costs is not known/)
})

test('others do not count: of another kind, rehearsed, never begun, or later', () => {
  const others = [
    pastChange('kind', { at: at(1), outcome: 'rolled-back', kind: 'set-file-mode' }),
    pastChange('later', { at: at(41), outcome: 'rolled-back' }),
    pastChange('given-up', { at: at(2), outcome: 'abandoned' }),
    pastChange('open', { at: at(3), outcome: null }),
  ]
  expect(riskOf(next, others, null).likelihood.similar).toBe(0)
})

test('how good the estimates were is measured by what became of the changes', () => {
  const measured = calibrationOf(history(40))
  expect(measured).toMatchObject({ changes: 40, failed: 10 })
  expect(measured?.expected).toBeGreaterThan(8)
  expect(measured?.expected).toBeLessThan(14)
  expect(measured?.brier).toBeLessThan(0.25)
  expect(calibrationOf([])).toBeNull()
})

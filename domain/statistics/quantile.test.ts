import { describe, expect, test } from 'vitest'
import { boundRanks, quantileOf } from './quantile.ts'

describe('the ranks between which a quantile lies', () => {
  // Worked out in exact fractions elsewhere. Medians stand so in printed tables; 368 and 72 follow from 1 - p^n >= 0.975.
  test.each([
    [100, 0.5, 40, 61],
    [10, 0.5, 2, 9],
    [6, 0.5, 1, 6],
    [5, 0.5, null, null],
    [367, 0.99, 359, null],
    [368, 0.99, 360, 368],
    [71, 0.95, 63, null],
    [72, 0.95, 64, 72],
  ])('of %i values at %d', (n, share, low, high) => {
    expect(boundRanks(n, share)).toEqual({ low, high })
  })
})

test('the interval holds the true quantile in about 95 of 100 samples, whatever the distribution', () => {
  let state = 42
  const dice = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
  // Exponential: its 90 % quantile is ln 10.
  const samples = Array.from({ length: 1_000 }, () => Array.from({ length: 200 }, () => -Math.log(1 - dice())))
  const holding = samples.filter((sample) => {
    const { low, high } = quantileOf(sample, 0.9)
    return low !== null && high !== null && low <= Math.LN10 && Math.LN10 <= high
  }).length
  expect(holding).toBeGreaterThan(935)
  expect(holding).toBeLessThan(985)
})

test.each([
  [[3, 1, 2], 0.5, 2],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 0.99, 4],
  [[7], 0.95, 7],
  [[], 0.5, Number.NaN],
])('the value itself is one of the sample: %j at %d', (sample, share, value) => {
  expect(quantileOf(sample, share).value).toBe(value)
})

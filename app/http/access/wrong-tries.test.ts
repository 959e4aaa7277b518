import { expect, test } from 'vitest'
import { wrongTries } from './wrong-tries.ts'

test('each wrong try of an address makes the next answer wait longer after three, and a minute later nothing is left of it', () => {
  let now = 0
  const wrong = wrongTries(3, () => now)
  const waited = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => {
    const ms = wrong.delayMs('192.0.2.1')
    wrong.add('192.0.2.1')
    return ms
  })
  expect(waited).toEqual([0, 0, 0, 125, 250, 500, 1_000, 2_000, 4_000, 4_000])
  expect(wrong.delayMs('192.0.2.2')).toBe(0)
  now = 60_000
  expect(wrong.delayMs('192.0.2.1')).toBe(0)
})

test('too many of one address are too many, and of others are not', () => {
  const wrong = wrongTries(2, () => 0)
  expect(['a', 'a', 'a', 'b'].map((one) => wrong.add(one))).toEqual([false, false, true, false])
})

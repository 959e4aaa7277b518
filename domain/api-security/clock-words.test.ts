import { expect, test } from 'vitest'
import { clockState } from './clock-words.ts'

const registration = {
  feature: 'dynamic client registration',
  since: '2026-07-28',
  removableFrom: '2027-07-28',
  removal: 'the first revision released on or after 2027-07-28',
}

test.each([
  ['2026-11-27T23:59:59.000Z', 243, false, '243 days left'],
  ['2027-04-28T09:00:00.000Z', 91, false, '91 days left'],
  ['2027-04-29T09:00:00.000Z', 90, true, '90 days left'],
  ['2027-07-27T09:00:00.000Z', 1, true, ': 1 day left'],
  ['2027-07-28T00:00:00.000Z', 0, true, 'with any revision since 2027-07-28'],
  ['2028-07-28T00:00:00.000Z', -366, true, 'with any revision since 2027-07-28'],
])('on %s', (at, daysLeft, near, words) => {
  expect(clockState(registration, at)).toEqual({ daysLeft, near, words: expect.stringContaining(words) })
})

test('where the register names no day none is made up', () => {
  const sse = { ...registration, feature: 'HTTP+SSE', since: '2025-03-26', removableFrom: null, removal: 'later' }
  expect(clockState(sse, '2026-11-27T09:00:00.000Z')).toEqual({
    daysLeft: null,
    near: true,
    words: 'HTTP+SSE, deprecated since 2025-03-26, to be removed later',
  })
})

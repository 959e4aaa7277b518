import { expect, test } from 'vitest'
import { dayAsked, endOfDay } from './days.ts'

const now = '2026-11-22T09:30:00.000Z'

test.each([
  ['2026-12-31', '2026-12-31T23:59:59.999Z'],
  ['30d', '2026-12-22T23:59:59.999Z'],
  ['2028-02-29', '2028-02-29T23:59:59.999Z'],
])('%s is a day', (text, expected) => {
  expect(endOfDay(text, now)).toBe(expected)
})

test.each(['2026-02-30', '2027-02-29', '0d', 'tomorrow', '', '2026-1-1', '12/31/2026', '99999d'])(
  '%s is none',
  (text) => {
    expect(() => endOfDay(text, now)).toThrow(/not a day/)
  },
)

test('a day that was has a first and a last moment; a distance into the future is none', () => {
  expect(dayAsked('2026-10-01')).toEqual({ start: '2026-10-01T00:00:00.000Z', end: '2026-10-01T23:59:59.999Z' })
  expect(() => dayAsked('30d')).toThrow(/not a day/)
})

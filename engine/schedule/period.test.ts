import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Calendar, periodAt, periodStart } from './period.ts'

const cadences = ['daily', 'weekly', 'monthly', 'quarterly'] as const

/** Two moments, and whether they lie in one period. */
const table: readonly (readonly [Calendar['cadence'], string, string, string, number])[] = [
  ['daily', 'UTC', '2026-11-22T00:00:00.000Z', '2026-11-22T23:59:59.999Z', 0],
  ['daily', 'UTC', '2026-11-22T23:59:59.999Z', '2026-11-23T00:00:00.000Z', 1],
  ['daily', 'UTC', '2028-02-28T12:00:00.000Z', '2028-02-29T12:00:00.000Z', 1],
  ['daily', 'UTC', '2028-02-28T12:00:00.000Z', '2028-03-01T12:00:00.000Z', 2],
  ['daily', 'UTC', '2027-02-28T12:00:00.000Z', '2027-03-01T12:00:00.000Z', 1],
  ['weekly', 'UTC', '2026-11-16T00:00:00.000Z', '2026-11-22T23:59:59.999Z', 0],
  ['weekly', 'UTC', '2026-11-22T23:59:59.999Z', '2026-11-23T00:00:00.000Z', 1],
  ['weekly', 'UTC', '2026-12-28T00:00:00.000Z', '2027-01-03T00:00:00.000Z', 0],
  ['monthly', 'UTC', '2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00.000Z', 1],
  ['monthly', 'UTC', '2028-02-01T00:00:00.000Z', '2028-02-29T23:59:59.999Z', 0],
  ['monthly', 'UTC', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z', 1],
  ['quarterly', 'UTC', '2026-01-01T00:00:00.000Z', '2026-03-31T23:59:59.999Z', 0],
  ['quarterly', 'UTC', '2026-03-31T23:59:59.999Z', '2026-04-01T00:00:00.000Z', 1],
  ['quarterly', 'UTC', '2026-11-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z', 1],
  // Berlin puts its clocks forward on 2026-03-29 at 01:00 UTC and back on 2026-10-25 at 01:00 UTC.
  ['daily', 'Europe/Berlin', '2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00.000Z', 1],
  ['daily', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z', 0],
  ['daily', 'Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00.000Z', 1],
  ['daily', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z', 0],
  ['daily', 'UTC', '2026-03-28T22:59:59.999Z', '2026-03-29T21:59:59.999Z', 1],
  ['monthly', 'Pacific/Auckland', '2026-11-30T10:59:59.999Z', '2026-11-30T11:00:00.000Z', 1],
  ['weekly', 'America/Los_Angeles', '2026-11-23T07:59:59.999Z', '2026-11-23T08:00:00.000Z', 1],
]

test.each(table)('%s in %s: from %s to %s are %i periods', (cadence, zone, from, to, periods) => {
  const calendar = { cadence, zone }
  expect(periodAt(calendar, to) - periodAt(calendar, from)).toBe(periods)
})

test('where clocks go forward at midnight, the day begins at one', () => {
  // Beirut, 2024-03-31: 00:00 did not exist; 01:00 there is 22:00 UTC the day before.
  const calendar: Calendar = { cadence: 'daily', zone: 'Asia/Beirut' }
  const period = periodAt(calendar, '2024-03-31T12:00:00.000Z')
  expect(periodStart(calendar, period)).toBe('2024-03-30T22:00:00.000Z')
  expect(periodAt(calendar, '2024-03-30T21:59:59.999Z')).toBe(period - 1)
})

test('an unknown zone is refused', () => {
  expect(() => periodAt({ cadence: 'daily', zone: 'Europe/Atlantis' }, '2026-11-22T00:00:00.000Z')).toThrow(RangeError)
})

const instant = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
const calendar = fc.record({
  cadence: fc.constantFrom(...cadences),
  zone: fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
  ),
})

test('a period begins at its start and not a millisecond before, in every zone', () => {
  fc.assert(
    fc.property(calendar, instant, (of, at) => {
      const period = periodAt(of, at)
      const start = periodStart(of, period)
      const before = new Date(Date.parse(start) - 1).toISOString()
      expect(start <= at).toBe(true)
      expect(at < periodStart(of, period + 1)).toBe(true)
      expect(periodAt(of, start)).toBe(period)
      expect(periodAt(of, before)).toBe(period - 1)
    }),
    { numRuns: 300 },
  )
})

test('later moments are never in earlier periods', () => {
  fc.assert(
    fc.property(calendar, instant, instant, (of, one, other) => {
      const [early, late] = [one, other].sort()
      expect(periodAt(of, early ?? one)).toBeLessThanOrEqual(periodAt(of, late ?? one))
    }),
  )
})

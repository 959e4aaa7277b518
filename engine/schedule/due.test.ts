import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Due, type DutyPast, due, type ScheduledDuty } from './due.ts'
import { periodAt } from './period.ts'

const never: DutyPast = { lastCompleted: null, missedUntil: null, fromTheFuture: null }
const daily: ScheduledDuty = { id: 'd', version: 1, cadence: 'daily' }

function ranAt(startedAt: string, cadence = daily.cadence, more: Partial<DutyPast> = {}): DutyPast {
  return { ...never, lastCompleted: { startedAt, cadence }, ...more }
}

/** In short: what is due, why, how many were missed, or when it is due next. */
function inShort(answer: Due): string {
  return answer.due ? `${answer.reason} ${answer.missed?.count ?? 0}` : `next ${answer.nextAt}`
}

const rows: readonly (readonly [string, ScheduledDuty, DutyPast, string, string])[] = [
  ['never ran', daily, never, '2026-11-22T10:00:00.000Z', 'due 0'],
  ['ran today', daily, ranAt('2026-11-22T00:00:00.000Z'), '2026-11-22T23:59:59.999Z', 'next 2026-11-23T00:00:00.000Z'],
  ['ran yesterday', daily, ranAt('2026-11-21T23:59:59.000Z'), '2026-11-22T00:00:00.000Z', 'due 0'],
  ['slept one day', daily, ranAt('2026-11-20T10:00:00.000Z'), '2026-11-22T10:00:00.000Z', 'catch-up 1'],
  ['slept over a leap day', daily, ranAt('2028-02-27T10:00:00.000Z'), '2028-03-02T10:00:00.000Z', 'catch-up 3'],
  ['slept a year', daily, ranAt('2026-01-01T00:00:00.000Z'), '2027-01-01T00:00:00.000Z', 'catch-up 364'],
  [
    'month end',
    { ...daily, cadence: 'monthly' },
    ranAt('2026-01-31T23:00:00.000Z', 'monthly'),
    '2026-02-01T00:00:00.000Z',
    'due 0',
  ],
  [
    'month skipped',
    { ...daily, cadence: 'monthly' },
    ranAt('2026-01-31T23:00:00.000Z', 'monthly'),
    '2026-03-01T00:00:00.000Z',
    'catch-up 1',
  ],
  [
    'same quarter',
    { ...daily, cadence: 'quarterly' },
    ranAt('2026-10-01T00:00:00.000Z', 'quarterly'),
    '2026-12-31T00:00:00.000Z',
    'next 2027-01-01T00:00:00.000Z',
  ],
  [
    'week from Monday',
    { ...daily, cadence: 'weekly' },
    ranAt('2026-11-22T10:00:00.000Z', 'weekly'),
    '2026-11-23T00:00:00.000Z',
    'due 0',
  ],
  [
    'in a zone',
    { ...daily, zone: 'Europe/Berlin' },
    ranAt('2026-11-21T22:59:00.000Z'),
    '2026-11-21T23:00:00.000Z',
    'due 0',
  ],
  [
    'the same in UTC',
    daily,
    ranAt('2026-11-21T22:59:00.000Z'),
    '2026-11-21T23:00:00.000Z',
    'next 2026-11-22T00:00:00.000Z',
  ],
  [
    'partly on record',
    daily,
    ranAt('2026-11-10T10:00:00.000Z', 'daily', { missedUntil: '2026-11-15T00:00:00.000Z' }),
    '2026-11-17T10:00:00.000Z',
    'catch-up 2',
  ],
  [
    'all on record',
    daily,
    ranAt('2026-11-10T10:00:00.000Z', 'daily', { missedUntil: '2026-11-15T00:00:00.000Z' }),
    '2026-11-15T10:00:00.000Z',
    'catch-up 0',
  ],
  ['cadence made shorter', daily, ranAt('2026-11-02T10:00:00.000Z', 'monthly'), '2026-11-22T10:00:00.000Z', 'due 0'],
  [
    'cadence made longer',
    { ...daily, cadence: 'monthly' },
    ranAt('2026-09-30T10:00:00.000Z'),
    '2026-11-22T10:00:00.000Z',
    'catch-up 1',
  ],
  [
    'clock went back within a day that has its run',
    daily,
    ranAt('2026-11-21T10:00:00.000Z', 'daily', { fromTheFuture: '2026-11-22T12:00:00.000Z' }),
    '2026-11-22T11:00:00.000Z',
    'next 2026-11-23T00:00:00.000Z',
  ],
  [
    'clock went back to a day that had its run',
    daily,
    ranAt('2026-11-21T10:00:00.000Z', 'daily', { fromTheFuture: '2026-11-22T00:10:00.000Z' }),
    '2026-11-21T23:50:00.000Z',
    'next 2026-11-22T00:00:00.000Z',
  ],
  [
    'clock went back to a day without a run',
    daily,
    ranAt('2026-11-20T10:00:00.000Z', 'daily', { fromTheFuture: '2099-01-01T00:00:00.000Z' }),
    '2026-11-21T10:00:00.000Z',
    'due 0',
  ],
  [
    'only a run from the future',
    daily,
    { ...never, fromTheFuture: '2099-01-01T00:00:00.000Z' },
    '2026-11-21T10:00:00.000Z',
    'due 0',
  ],
]

test.each(rows)('%s', (_name, duty, past, now, expected) => {
  expect(inShort(due(duty, past, now))).toBe(expected)
})

test('missed periods say where they begin and end', () => {
  const answer = due(
    { ...daily, cadence: 'quarterly' },
    ranAt('2026-02-01T00:00:00.000Z', 'quarterly'),
    '2026-11-22T10:00:00.000Z',
  )
  expect(answer).toMatchObject({
    missed: { count: 2, cadence: 'quarterly', from: '2026-04-01T00:00:00.000Z', until: '2026-10-01T00:00:00.000Z' },
  })
})

test('a clock that went back is said', () => {
  const past = ranAt('2026-11-20T10:00:00.000Z', 'daily', { fromTheFuture: '2099-01-01T00:00:00.000Z' })
  expect(due(daily, past, '2026-11-22T10:00:00.000Z').note).toContain('the clock went back')
  expect(due(daily, ranAt('2026-11-20T10:00:00.000Z'), '2026-11-22T10:00:00.000Z').note).toBe('')
})

const cadence = fc.constantFrom('daily', 'weekly', 'monthly', 'quarterly')
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York')
const instant = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2032-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

/** Asks at each moment in turn and runs when due, as the pipeline does. */
function live(duty: ScheduledDuty, moments: readonly string[]) {
  const runs: string[] = []
  let missed = 0
  for (const now of moments) {
    const before = runs.filter((at) => at <= now).sort()
    const after = runs.filter((at) => at > now).sort()
    const last = before.at(-1)
    const past: DutyPast = {
      lastCompleted: last === undefined ? null : { startedAt: last, cadence: duty.cadence },
      missedUntil: null,
      fromTheFuture: after.at(0) ?? null,
    }
    const answer = due(duty, past, now)
    if (!answer.due) continue
    missed += answer.missed?.count ?? 0
    runs.push(now)
  }
  return { periods: runs.map((at) => periodAt({ cadence: duty.cadence, zone: duty.zone ?? 'UTC' }, at)), missed }
}

test('with a clock that goes forward every period is run once or missed once', () => {
  fc.assert(
    fc.property(cadence, zone, fc.array(instant, { minLength: 1, maxLength: 40 }), (of, where, moments) => {
      const { periods, missed } = live({ ...daily, cadence: of, zone: where }, moments.toSorted())
      expect(new Set(periods).size).toBe(periods.length)
      expect(periods.length + missed).toBe((periods.at(-1) ?? 0) - (periods.at(0) ?? 0) + 1)
    }),
    { numRuns: 200 },
  )
})

test('with a clock that jumps about no period is run twice, and each period that was asked in has its run', () => {
  fc.assert(
    fc.property(cadence, fc.array(instant, { minLength: 1, maxLength: 40 }), (of, moments) => {
      const { periods } = live({ ...daily, cadence: of }, moments)
      const asked = new Set(moments.map((at) => periodAt({ cadence: of, zone: 'UTC' }, at)))
      expect(new Set(periods)).toEqual(asked)
      expect(new Set(periods).size).toBe(periods.length)
    }),
    { numRuns: 200 },
  )
})

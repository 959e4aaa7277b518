import { MaintenanceWindow } from '@upkeep/contract/maintenance-window'
import { describe, expect, test } from 'vitest'
import { durationMs, skippedOccurrences, windowOccurrences } from './window-occurrences.ts'

const sunday = MaintenanceWindow.parse({
  name: 'Sunday night',
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  at: '02:00',
  zone: 'Europe/Berlin',
  duration: 'PT2H',
})
const window = (over: Record<string, unknown>) => MaintenanceWindow.parse({ ...sunday, ...over })

/** By hand, from the dates of the clock changes: 29 March 2026 02:00 becomes 03:00, 25 October 2026 03:00 becomes 02:00 again. */
const berlin: readonly [day: string, from: string | null, until: string | null][] = [
  ['2026-03-22', '2026-03-22T01:00:00.000Z', '2026-03-22T03:00:00.000Z'],
  ['2026-03-29', null, null],
  ['2026-04-05', '2026-04-05T00:00:00.000Z', '2026-04-05T02:00:00.000Z'],
  ['2026-10-18', '2026-10-18T00:00:00.000Z', '2026-10-18T02:00:00.000Z'],
  ['2026-10-25', '2026-10-25T00:00:00.000Z', '2026-10-25T02:00:00.000Z'],
  ['2026-11-01', '2026-11-01T01:00:00.000Z', '2026-11-01T03:00:00.000Z'],
]

describe('over both clock changes', () => {
  test.each(berlin)('Sunday 02:00 to 04:00 in Berlin over both clock changes: %s', (day, from, until) => {
    const [start, end] = [`${day}T00:00:00.000Z`, `${day}T12:00:00.000Z`]
    const open = windowOccurrences(sunday, start, end)
    const skipped = skippedOccurrences(sunday, start, end)
    if (from === null) {
      expect(open).toEqual([])
      expect(skipped).toEqual([{ window: 'Sunday night', wall: `${day} 02:00` }])
      return
    }
    expect(open).toEqual([{ window: 'Sunday night', from, until, wall: `${day} 02:00` }])
    expect(skipped).toEqual([])
  })

  test('a whole year has every Sunday once but the one that does not exist', () => {
    const year = ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'] as const
    expect(windowOccurrences(sunday, ...year)).toHaveLength(51)
    expect(skippedOccurrences(sunday, ...year).map(({ wall }) => wall)).toEqual(['2026-03-29 02:00'])
  })
})

test('other zones skip other hours; UTC none', () => {
  const year = ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'] as const
  const skips = (zone: string, at: string) => skippedOccurrences(window({ zone, at }), ...year).map(({ wall }) => wall)
  expect(skips('America/New_York', '02:30')).toEqual(['2026-03-08 02:30'])
  expect(skips('Australia/Lord_Howe', '02:15')).toEqual(['2026-10-04 02:15'])
  expect(skips('Asia/Kolkata', '02:30')).toEqual([])
  expect(skips('UTC', '02:00')).toEqual([])
})

test('one that began before counts while it lasts, and not at its end', () => {
  const at = (from: string) => windowOccurrences(sunday, from, '2026-11-29T23:00:00.000Z')
  expect(at('2026-11-29T02:59:59.000Z')).toHaveLength(1)
  expect(at('2026-11-29T03:00:00.000Z')).toHaveLength(0)
})

test('every second week counts from its first day; a rule that fits no day gives nothing, and soon', () => {
  const second = window({ rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU', first: '2026-11-01', zone: 'UTC' })
  const days = windowOccurrences(second, '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z')
  expect(days.map(({ wall }) => wall.slice(0, 10))).toEqual(['2026-11-01', '2026-11-15', '2026-11-29'])
  const never = window({ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' })
  expect(windowOccurrences(never, '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z')).toEqual([])
})

test.each([
  ['a zone that is none', { zone: 'Mars/Base' }],
  ['a rule of hours', { rrule: 'FREQ=HOURLY' }],
  ['a rule without days', { rrule: 'FREQ=WEEKLY' }],
  ['an interval without a first day', { rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU' }],
  ['a time that is none', { at: '25:00' }],
  ['no duration', { duration: 'PT' }],
  ['a second line in the rule', { rrule: 'FREQ=DAILY\nRRULE:FREQ=DAILY' }],
])('refused: %s', (_, over) => {
  expect(MaintenanceWindow.safeParse({ ...sunday, ...over }).success).toBe(false)
})

test('durations', () => {
  expect(['PT2H', 'PT30M', 'PT1H30M'].map(durationMs)).toEqual([7_200_000, 1_800_000, 5_400_000])
})

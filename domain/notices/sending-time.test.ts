import type { QuietHours } from '@upkeep/contract/notify'
import { expect, test } from 'vitest'
import { nextAttempt, nextDigest, quietUntil } from './sending-time.ts'

const night: QuietHours = { from: '22:00', until: '07:00', zone: 'Europe/Berlin' }

test.each<[string, QuietHours, string, string | null]>([
  ['by day', night, '2026-11-23T12:00:00.000Z', null],
  ['at night', night, '2026-11-23T23:30:00.000Z', '2026-11-24T06:00:00.000Z'],
  ['as it begins', night, '2026-11-23T21:00:00.000Z', '2026-11-24T06:00:00.000Z'],
  ['as it ends', night, '2026-11-24T06:00:00.000Z', null],
  ['over a night that loses an hour', night, '2026-03-28T23:00:00.000Z', '2026-03-29T05:00:00.000Z'],
  ['over a night that gains one', night, '2026-10-24T23:00:00.000Z', '2026-10-25T06:00:00.000Z'],
  [
    'until an hour that is skipped: no day longer',
    { ...night, until: '02:30' },
    '2026-03-29T00:10:00.000Z',
    '2026-03-29T01:30:00.000Z',
  ],
  [
    'within one day',
    { from: '12:00', until: '13:00', zone: 'UTC' },
    '2026-11-23T12:30:00.000Z',
    '2026-11-23T13:00:00.000Z',
  ],
  [
    'a weekend of whole days is one',
    { from: '00:00', until: '00:00', zone: 'UTC', days: ['saturday', 'sunday'] },
    '2026-11-28T09:00:00.000Z',
    '2026-11-30T00:00:00.000Z',
  ],
  ['on another day', { ...night, days: ['saturday'] }, '2026-11-23T23:30:00.000Z', null],
  ['the night after its day', { ...night, days: ['monday'] }, '2026-11-24T02:00:00.000Z', '2026-11-24T06:00:00.000Z'],
])('quiet hours: %s', (_, quiet, now, until) => {
  expect(quietUntil(quiet, now)).toBe(until)
})

test('quiet hours that never end are not waited for without end', () => {
  const always = { from: '00:00', until: '00:00', zone: 'UTC' }
  expect(quietUntil(always, '2026-11-23T12:00:00.000Z')).toBe('2026-12-07T00:00:00.000Z')
})

test.each<[string, object, string, string]>([
  ['later today', {}, '2026-11-23T05:00:00.000Z', '2026-11-23T07:00:00.000Z'],
  ['tomorrow', {}, '2026-11-23T07:00:00.000Z', '2026-11-24T07:00:00.000Z'],
  ['in summer', {}, '2026-07-01T12:00:00.000Z', '2026-07-02T06:00:00.000Z'],
  ['on monday', { every: 'week' }, '2026-11-24T07:00:00.000Z', '2026-11-30T07:00:00.000Z'],
  ['on friday', { every: 'week', on: 'friday' }, '2026-11-24T07:00:00.000Z', '2026-11-27T07:00:00.000Z'],
])('the next digest is %s', (_, over, now, expected) => {
  const daily = { every: 'day', at: '08:00', zone: 'Europe/Berlin', on: 'monday', ...over } as const
  expect(nextDigest(daily, now)).toBe(expected)
})

test.each<[string, number, string | null, string | null]>([
  ['after a minute', 1, null, '2026-11-23T12:01:00.000Z'],
  ['after longer and longer', 4, null, '2026-11-23T13:00:00.000Z'],
  ['when the other side says', 1, '600', '2026-11-23T12:10:00.000Z'],
  ['at the date that the other side names', 1, 'Mon, 23 Nov 2026 12:20:00 GMT', '2026-11-23T12:20:00.000Z'],
  ['within a day, whatever it says', 1, '999999999', '2026-11-24T12:00:00.000Z'],
  ['no sooner for what it says', 2, '1', '2026-11-23T12:05:00.000Z'],
  ['all the same where it says nothing sensible', 1, 'soon', '2026-11-23T12:01:00.000Z'],
  ['no more', 9, '600', null],
])('it is tried again %s', (_, attempts, retryAfter, expected) => {
  expect(nextAttempt(attempts, '2026-11-23T12:00:00.000Z', retryAfter)).toBe(expected)
})

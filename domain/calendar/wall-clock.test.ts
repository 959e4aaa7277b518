import { expect, test } from 'vitest'
import { momentAt, wallMs } from './wall-clock.ts'

test.each([
  ['2026-11-23T08:00', 'Europe/Berlin', '2026-11-23T07:00:00.000Z'],
  ['2026-07-01T08:00', 'Europe/Berlin', '2026-07-01T06:00:00.000Z'],
  ['2026-11-23T08:00', 'Asia/Kolkata', '2026-11-23T02:30:00.000Z'],
  ['2026-11-23T00:15', 'Pacific/Kiritimati', '2026-11-22T10:15:00.000Z'],
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
])('%s in %s is %s', (wall, zone, expected) => {
  expect(new Date(momentAt(Date.parse(`${wall}:00Z`), zone)).toISOString()).toBe(expected)
})

test('a clock shows again what it was set to', () => {
  const wall = Date.parse('2026-11-23T08:00:00Z')
  expect(wallMs(momentAt(wall, 'America/Caracas'), 'America/Caracas')).toBe(wall)
})

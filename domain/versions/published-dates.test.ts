import { expect, test } from 'vitest'
import { judgeDates, newestPublication } from './published-dates.ts'

const dated = (...days: (string | null)[]) =>
  days.map((day, index) => ({
    version: `1.${index}.0`,
    publishedAt: day === null || day.includes('T') ? day : `${day}T10:00:00Z`,
  }))

test.each([
  ['years of versions', dated('2023-01-01', '2024-01-01', '2025-06-01'), '2025-06-01T10:00:00.000Z', true],
  [
    'a mirror that copied all at once (T6)',
    dated('2026-11-20', '2026-11-20', '2026-11-21'),
    '2026-11-21T10:00:00.000Z',
    false,
  ],
  ['too few to tell', dated('2023-01-01', '2024-01-01'), '2024-01-01T10:00:00.000Z', false],
  ['a date missing', dated('2023-01-01', '2024-01-01', '2025-06-01', null), '2025-06-01T10:00:00.000Z', false],
  [
    'a day that its number contradicts',
    [...dated('2023-01-01', '2024-01-01'), { version: '2025.3.28', publishedAt: '2026-11-02T10:00:00Z' }],
    '2026-11-02T10:00:00.000Z',
    false,
  ],
])('the newest of %s', (_name, versions, at, trusted) => {
  expect(newestPublication(versions)).toEqual({ at, trusted })
})

test('no date, or no true one', () => {
  expect(newestPublication(dated(null, null))).toBeNull()
  expect(newestPublication(dated('not a dayT'))).toBeNull()
  expect(newestPublication([])).toBeNull()
})

test('three versions within three days are doubted, over four they are not', () => {
  expect(judgeDates('npm', dated('2026-11-18', '2026-11-19', '2026-11-21'))).toEqual({
    trusted: false,
    why: 'all 3 versions are said to be of 3 days',
  })
  expect(judgeDates('npm', dated('2026-11-17', '2026-11-19', '2026-11-21'))).toEqual({ trusted: true })
})

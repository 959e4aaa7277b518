import { expect, test } from 'vitest'
import { newestPublication } from './publish-dates.ts'

const dated = (...days: (string | null)[]) =>
  days.map((day) => ({ publishedAt: day === null ? null : day.includes('T') ? day : `${day}T10:00:00Z` }))

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
])('%s', (_name, versions, at, trusted) => {
  expect(newestPublication(versions)).toEqual({ at, trusted })
})

test('no date, or no true one', () => {
  expect(newestPublication(dated(null, null))).toBeNull()
  expect(newestPublication(dated('not a dayT'))).toBeNull()
  expect(newestPublication([])).toBeNull()
})

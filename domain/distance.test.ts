import { expect, test } from 'vitest'
import { activeAcceptances } from './active-acceptances.ts'
import { ago, distance, stampOf } from './distance.ts'

const now = '2026-11-22T09:30:00.000Z'

test.each([
  ['2026-11-22T09:29:31.000Z', 'just now'],
  ['2026-11-22T09:27:00.000Z', '3 min ago'],
  ['2026-11-22T06:29:00.000Z', '3 h ago'],
  ['2026-11-21T09:30:00.000Z', '1 d ago'],
  ['2025-11-22T09:30:00.000Z', '365 d ago'],
])('%s is %s', (then, expected) => {
  expect(ago(then, now)).toBe(expected)
})

test('a distance has no direction, and a stamp has its zone', () => {
  expect(distance(now, '2026-12-06T09:30:00.000Z')).toBe('14 d')
  expect(stampOf(now)).toBe('2026-11-22 09:30 UTC')
})

test('an acceptance counts from when it was made until its day, unless it was withdrawn', () => {
  const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
  const one = {
    id: '1',
    at: '2026-11-20T00:00:00.000Z',
    fingerprint: 'a',
    reason: 'r',
    until: '2026-11-30T23:59:59.999Z',
    withdraws: null,
    signer,
  }
  const longer = { ...one, id: '2', at: '2026-11-21T00:00:00.000Z', until: '2026-12-30T23:59:59.999Z' }
  const withdrawal = { ...longer, id: '3', at: now, until: now, withdraws: '2' }
  expect(activeAcceptances([longer, one], now).get('a')?.id).toBe('2')
  expect(activeAcceptances([one, longer, withdrawal], now).get('a')?.id).toBe('1')
  expect(activeAcceptances([one], '2026-12-01T00:00:00.000Z').size).toBe(0)
  expect(activeAcceptances([one], '2026-11-19T00:00:00.000Z').size).toBe(0)
})

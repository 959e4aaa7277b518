import { describe, expect, test } from 'vitest'
import { coverageOf } from './feed-coverage.ts'
import { wholeFeed } from './testing/given.ts'

const now = { at: '2026-11-22T09:00:00.000Z', maxFeedAgeDays: 35 }
const selected = wholeFeed({ id: 'pack', source: 'pack p 1.0.0', records: 1, coverage: 'selected', ecosystems: [] })

describe('coverageOf', () => {
  test('a whole, sound, fresh feed', () => {
    expect(coverageOf([selected, wholeFeed()], ['npm'], now)).toMatchObject({
      unknowns: [],
      whole: [{ records: 212_345 }],
    })
  })

  test.each([
    [
      'only a selection',
      [selected],
      'npm: no feed of the whole ecosystem; only pack p 1.0.0 (1 advisory, newest 2026-11-21) was consulted',
    ],
    ['another ecosystem', [wholeFeed({ ecosystems: ['PyPI'] })], 'no feed of the whole ecosystem'],
    ['stale', [wholeFeed({ newest: '2026-10-01T00:00:00Z' })], '52 days old, more than 35; silence says nothing'],
    ['dated ahead', [wholeFeed({ newest: '2027-01-01T00:00:00Z' })], 'dated ahead of this run'],
    ['without a date', [wholeFeed({ newest: null })], 'how old it is cannot be told'],
    [
      'past its own limit',
      [wholeFeed({ stale: true, maxAgeDays: 7 })],
      'past its own limit of 7 days, newest 2026-11-21',
    ],
    ['not read whole', [wholeFeed({ problem: 'time was up' })], 'feed /feeds/npm.zip: time was up'],
    [
      'with records rejected',
      [wholeFeed({ rejected: [{ record: 'x.json', reason: 'not JSON in UTF-8' }] })],
      '1 of its records rejected, first x.json: not JSON in UTF-8',
    ],
  ] as const)('%s: silence says nothing', (_name, feeds, why) => {
    const { unknowns, whole } = coverageOf(feeds, ['npm'], now)
    expect(whole).toEqual([])
    expect(unknowns.join('\n')).toContain(why)
  })

  test('a feed about exploitation neither clears nor hinders', () => {
    const kev = wholeFeed({ id: 'kev', form: 'kev', ecosystems: [], stale: true, problem: 'cut off' })
    expect(coverageOf([kev, wholeFeed()], ['npm'], now).unknowns).toEqual([])
    expect(coverageOf([kev], ['npm'], now).whole).toEqual([])
  })

  test('a quarantined record takes nothing from a feed', () => {
    const quarantined = [{ record: 'x.json', reason: 'it names every package at once' }]
    expect(coverageOf([wholeFeed({ quarantined })], ['npm'], now).unknowns).toEqual([])
  })

  test('each ecosystem needs its own', () => {
    const { unknowns, whole } = coverageOf([wholeFeed()], ['PyPI', 'npm'], now)
    expect(whole).toHaveLength(1)
    expect(unknowns).toEqual([expect.stringMatching(/^PyPI: /)])
  })

  test.each([
    ['Alpine:v3.18', 'Alpine:v3.18 has had no security updates since 2025-05-09'],
    ['Debian:8', 'Debian:8 has had no security updates since before 2024-06-30'],
  ])('a fresh feed of %s says nothing of what came after its end', (ecosystem, why) => {
    const { unknowns } = coverageOf([wholeFeed({ ecosystems: [ecosystem] })], [ecosystem], now)
    expect(unknowns).toEqual([expect.stringContaining(why)])
  })

  test('of a release that is looked after a whole feed clears, and of no other', () => {
    const feed = wholeFeed({ ecosystems: ['Debian:12'] })
    expect(coverageOf([feed], ['Debian:12'], now)).toMatchObject({ unknowns: [], whole: [feed] })
    expect(coverageOf([feed], ['Debian:13'], now).unknowns).toEqual([expect.stringMatching(/^Debian:13: no feed/)])
  })

  test('a sound feed stands in for a stale one', () => {
    const stale = wholeFeed({ id: 'old', newest: '2026-01-01T00:00:00Z' })
    expect(coverageOf([stale, wholeFeed()], ['npm'], now).unknowns).toEqual([])
  })
})

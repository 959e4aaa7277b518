import { fleet } from '@upkeep/contract/subject'
import { advisories, record, wholeFeed } from '@upkeep/domain/advisories/testing/given'
import { remembered } from '@upkeep/domain/advisories/testing/given-urgency'
import { describe, expect, test } from 'vitest'
import { threatIntelligenceUpdates } from './duty.ts'

const malicious = record('MAL-1', 'postmark-mcp', null)
const sight = {
  server: { kind: 'server', id: 's', name: 's' },
  firstSeenAt: '2026-09-20T09:00:00.000Z',
  lastSeenAt: null,
  credentials: [],
} as const
const past = remembered({
  packages: [{ ecosystem: 'npm', name: 'postmark-mcp', version: '1.0.16', sights: [{ ...sight, credentials: [] }] }],
})
const about = { advisory: 'MAL-1', package: 'postmark-mcp', ecosystem: 'npm' }
const none = { state: 'unavailable', code: 'not-configured', reason: 'no feed' } as const

function clears(
  rule: string,
  facts: Record<string, unknown>,
  seen: Parameters<NonNullable<typeof threatIntelligenceUpdates.canClear>>[1]['seen'],
) {
  const params = { maxFeedAgeDays: 35, lookBackDays: 365, watch: [] }
  return threatIntelligenceUpdates.canClear?.(
    { rule, facts },
    { subject: fleet, seen, params, at: '2026-11-22T09:00:00.000Z' },
  )
}

describe('a match of the past that is no longer stated', () => {
  test.each([
    ['its record is still at hand and says otherwise', { history: past, advisories: advisories([malicious]) }, true],
    ['its record is gone from the feeds', { history: past, advisories: advisories([]) }, false],
    ['its package is forgotten', { history: remembered(), advisories: advisories([]) }, true],
    ['the feeds cannot be read', { history: past, advisories: none }, false],
    ['the past cannot be read', { history: none, advisories: advisories([]) }, false],
  ] as const)('%s', (_name, seen, cleared) => {
    expect(clears('malicious-package-was-here', about, seen)).toBe(cleared)
  })
})

describe('a sign of an attack that is no longer named', () => {
  const facts = { type: 'domain', value: 'evil.example', feed: 'iocs.csv' }
  test.each([
    ['its feed is read and in date', [wholeFeed({ id: 'iocs.csv' })], true],
    ['its feed is stale', [wholeFeed({ id: 'iocs.csv', stale: true })], false],
    ['its feed was not read whole', [wholeFeed({ id: 'iocs.csv', problem: 'cut off' })], false],
    ['its feed is gone', [wholeFeed()], false],
  ])('%s', (_name, feeds, cleared) => {
    expect(clears('indicator-matched', facts, { history: past, advisories: advisories([], feeds) })).toBe(cleared)
  })
})

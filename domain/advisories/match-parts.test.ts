import type { Facts } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import type { Part } from './judged-copies.ts'
import { byPackage } from './known-advisories.ts'
import { matchParts } from './match-parts.ts'

type Advisory = Facts<'advisories'>['records'][number]

function record(id: string, more: Partial<Advisory> = {}): Advisory {
  const ranges = [{ type: 'SEMVER' as const, events: [{ introduced: '0' }, { fixed: '2.0.0' }] }]
  return {
    id,
    aliases: [],
    summary: id,
    severity: 'high',
    modified: '2026-01-02T03:04:05Z',
    withdrawn: null,
    malicious: false,
    affected: [{ ecosystem: 'npm', name: 'it', ranges, versions: [] }],
    references: [],
    feed: 'osv',
    exploitation: { kev: null, epss: null, ssvc: null, stale: [] },
    conflicts: [],
    ...more,
  }
}

function matched(...records: Advisory[]): string[] {
  const part: Part = { ecosystem: 'npm', name: 'it', version: '1.0.0', path: null, copy: null, direct: true }
  return matchParts([part], byPackage(records)).matches.map(({ advisory }) => advisory.id)
}

describe('one vulnerability is one match', () => {
  test('under two names that a third record joins, whatever order they come in', () => {
    const a = record('A-1', { aliases: ['CVE-2026-1'] })
    const b = record('B-1', { aliases: ['CVE-2026-2'] })
    const joining = record('C-1', { aliases: ['CVE-2026-1', 'CVE-2026-2'] })
    expect(matched(a, b)).toEqual(['A-1', 'B-1'])
    expect(matched(a, b, joining)).toEqual(['A-1'])
  })

  test('a malicious record stays by itself', () => {
    const names = { aliases: ['CVE-2026-1'] }
    expect(matched(record('GHSA-1', names), record('MAL-1', { ...names, malicious: true }))).toEqual([
      'GHSA-1',
      'MAL-1',
    ])
  })
})

describe('a notice of a distribution about several vulnerabilities', () => {
  const first = record('DEBIAN-CVE-2026-1', { aliases: ['CVE-2026-1'] })
  const second = record('DEBIAN-CVE-2026-2', { aliases: ['CVE-2026-2'] })
  const notice = record('DSA-1-1', { gathers: ['CVE-2026-1', 'CVE-2026-2'] })

  test('is none beside a match for each of them', () => {
    expect(matched(first, second, notice)).toEqual(['DEBIAN-CVE-2026-1', 'DEBIAN-CVE-2026-2'])
  })

  test('stands where one of them has no match of its own, or no longer one', () => {
    expect(matched(first, notice)).toEqual(['DEBIAN-CVE-2026-1', 'DSA-1-1'])
    expect(matched(first, { ...second, withdrawn: '2026-02-02T00:00:00Z' }, notice)).toEqual([
      'DEBIAN-CVE-2026-1',
      'DSA-1-1',
    ])
    expect(matched(notice)).toEqual(['DSA-1-1'])
  })

  test('about one CVE it is that CVE', () => {
    expect(matched(first, record('DSA-2-1', { aliases: ['CVE-2026-1'] }))).toEqual(['DEBIAN-CVE-2026-1'])
  })
})

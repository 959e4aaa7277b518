import type { ForeignReport } from '@upkeep/contract/observations/foreign-results'
import { growthOfTenfold } from '@upkeep/lab/growth'
import { describe, expect, test } from 'vitest'
import { record } from '../advisories/testing/given.ts'
import { claimsAbout } from './claims.ts'

function report(ids: string[], name: string, version: string, over: Partial<ForeignReport> = {}): ForeignReport {
  return { ids, ecosystem: 'npm', name, version, says: 'affected', severity: null, justification: null, ...over }
}

function source(tool: string, ...reports: ForeignReport[]) {
  return { name: `${tool}.json`, tool, toolVersion: null, reports }
}

const part = { ecosystem: 'npm', name: 'a', version: '1.0.0' }
const names = (claims: ReturnType<typeof claimsAbout>) => claims.map((one) => one.ids.join(' ')).sort()

describe('what several scanners say of one package version', () => {
  test('two names of one vulnerability are one claim when a report has both, whatever the order', () => {
    const both = report(['GHSA-2222-3333-4444', 'CVE-2024-0001'], 'a', '1.0.0')
    const cve = report(['CVE-2024-0001'], 'a', '1.0.0')
    const ghsa = report(['GHSA-2222-3333-4444'], 'a', '1.0.0')
    for (const sources of [
      [source('x', both), source('y', cve), source('z', ghsa)],
      [source('x', cve), source('y', ghsa), source('z', both)],
    ]) {
      const claims = claimsAbout([part], sources, [])
      expect(names(claims)).toEqual(['CVE-2024-0001 GHSA-2222-3333-4444'])
      expect(claims[0]?.opinions).toHaveLength(3)
    }
  })

  test('a record at hand joins the names that no report has together', () => {
    const sources = [
      source('x', report(['CVE-2024-0001'], 'a', '1.0.0'), report(['GHSA-2222-3333-4444'], 'a', '1.0.0')),
    ]
    expect(claimsAbout([part], sources, [])).toHaveLength(2)
    const records = [record('GHSA-2222-3333-4444', 'a', '2.0.0', { aliases: ['CVE-2024-0001'] })]
    expect(names(claimsAbout([part], sources, records))).toEqual(['CVE-2024-0001 GHSA-2222-3333-4444'])
  })

  test('one scanner says one thing once, in however many files it found it', () => {
    const twice = source('x', report(['CVE-2024-0001'], 'a', '1.0.0'), report(['CVE-2024-0001'], 'a', '1.0.0'))
    expect(claimsAbout([part], [twice], [])[0]?.opinions).toHaveLength(1)
  })

  test.each([
    ['another version', report(['CVE-2024-0001'], 'a', '1.0.1'), part],
    ['another package', report(['CVE-2024-0001'], 'ab', '1.0.0'), part],
    ['another registry', report(['CVE-2024-0001'], 'a', '1.0.0', { ecosystem: 'PyPI' }), part],
    ['names that one registry tells apart', report(['CVE-2024-0001'], 'a-b', '1.0.0'), { ...part, name: 'a.b' }],
  ])('%s is not meant', (_name, said, about) => {
    expect(claimsAbout([about], [source('x', said)], [])).toEqual([])
  })

  test.each([
    ['a registry that was not named', report(['CVE-2024-0001'], 'a', '1.0.0', { ecosystem: null }), part],
    [
      'a spelling that PyPI takes for the same',
      report(['CVE-2024-0001'], 'My_Thing', '1.0', { ecosystem: 'PyPI' }),
      { ecosystem: 'PyPI', name: 'my-thing', version: '1.0' },
    ],
    [
      'a Go version without its v',
      report(['CVE-2024-0001'], 'a.org/b', '1.0.0', { ecosystem: 'Go' }),
      { ecosystem: 'Go', name: 'a.org/b', version: 'v1.0.0' },
    ],
  ])('%s is', (_name, said, about) => {
    expect(claimsAbout([about], [source('x', said)], [])).toHaveLength(1)
  })

  test('reports about one package are joined in time that grows as their number does', () => {
    const sourcesOf = (count: number) => {
      const together = Array.from({ length: count }, (_, index) =>
        report([`CVE-2024-${100_000 + index}`, 'CVE-2024-0001'], 'a', '1.0.0'),
      )
      const apart = Array.from({ length: count }, (_, index) => report([`CVE-2023-${100_000 + index}`], 'a', '1.0.0'))
      return [source('x', ...together), source('y', ...apart)]
    }
    const work = (count: number) => expect(claimsAbout([part], sourcesOf(count), [])).toHaveLength(count + 1)
    expect(growthOfTenfold(work, 2_000)).toBeLessThan(30)
  })
})

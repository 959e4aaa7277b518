import { describe, expect, test } from 'vitest'
import { comparableUrl, foreignResults } from './foreign-results.ts'

describe('results of another scanner', () => {
  test('CycloneDX: what it states of its components, without what it calls not affected', () => {
    const text = JSON.stringify({
      bomFormat: 'CycloneDX',
      metadata: { tools: [{ name: 'other' }] },
      components: [{ 'bom-ref': 'c1', purl: 'pkg:npm/a@1.0.0' }],
      vulnerabilities: [
        { id: 'GHSA-6XPM-GGF7-WC3P', references: [{ id: 'CVE-2025-6514' }], affects: [{ ref: 'c1' }] },
        { id: 'CVE-2020-0001', analysis: { state: 'not_affected' }, affects: [{ ref: 'c1' }] },
        { id: 'made up', affects: [{ ref: 'c1' }] },
      ],
    })
    expect(foreignResults(text)).toEqual({
      form: 'CycloneDX',
      tool: 'other',
      reports: [{ ids: ['GHSA-6xpm-ggf7-wc3p', 'CVE-2025-6514'], purl: 'pkg:npm/a@1.0.0' }],
      listed: ['pkg:npm/a@1.0.0'],
      notUnderstood: 1,
      problem: null,
    })
  })

  test('SPDX: advisories that it refers to', () => {
    const refs = (url: string) => [
      { referenceType: 'purl', referenceLocator: 'pkg:pypi/x@1' },
      { referenceType: 'advisory', referenceLocator: url },
    ]
    const text = JSON.stringify({
      spdxVersion: 'SPDX-2.3',
      creationInfo: { creators: ['Tool: other-1'] },
      packages: [{ externalRefs: refs('https://nvd.nist.gov/vuln/detail/CVE-2024-0001') }],
    })
    expect(foreignResults(text)).toMatchObject({
      tool: 'other-1',
      reports: [{ ids: ['CVE-2024-0001'], purl: 'pkg:pypi/x@1' }],
      problem: null,
    })
  })

  test.each([
    ['', 'empty'],
    ['{"runs":[', 'cut off'],
    ['[]', 'neither'],
    ['{"version":"2.1.0","runs":[]}', 'no run'],
    ['{"version":"2.1.0","runs":[{}]}', 'no results'],
    ['{"version":"2.1.0","runs":[{"invocations":[{"executionSuccessful":false}],"results":[]}]}', 'did not succeed'],
    ['{"version":"1.0","runs":[{"results":[]}]}', 'not version 2.1.0'],
    ['{"bomFormat":"CycloneDX","components":[]}', 'judges none'],
    ['{"spdxVersion":"SPDX-2.3","packages":[]}', 'judges none'],
    ['{"__proto__":{"runs":[]}}', 'neither'],
  ])('%s is no clean result', (text, reason) => {
    expect(foreignResults(text).problem).toContain(reason)
  })

  test('package URLs are compared without qualifiers and in one spelling', () => {
    expect(comparableUrl('pkg:pypi/My_Thing@1.0?arch=x')).toBe(comparableUrl('pkg:pypi/my-thing@1.0'))
    expect(comparableUrl('my-thing')).toBeNull()
  })
})

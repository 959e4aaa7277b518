import { describe, expect, test } from 'vitest'
import { recorded } from '../testing/recorded.ts'

const product = (id: string, purl: string) => ({
  product_id: id,
  name: id,
  product_identification_helper: { purl },
})
const filesystem = 'pkg:npm/%40modelcontextprotocol/server-filesystem'
const tree = {
  branches: [
    {
      category: 'vendor',
      name: 'MCP',
      branches: [
        { category: 'product_version', name: '2.0.0', product: product('A', `${filesystem}@2.0.0`) },
        {
          category: 'product_version_range',
          name: 'vers:npm/>=2025.1.14|<=2026.8.31',
          product: product('B', filesystem),
        },
        { category: 'product_version', name: '2.0.1', product: product('C', `${filesystem}@2.0.1`) },
        { category: 'product_version', name: '1', product: product('D', 'pkg:generic/other@1') },
      ],
    },
  ],
}
const note = {
  document: {
    category: 'csaf_security_advisory',
    csaf_version: '2.0',
    title: 'Files outside of the allowed folders can be read',
    tracking: { id: 'MCP-2026-7', current_release_date: '2026-11-03T10:00:00+01:00', status: 'final' },
  },
  product_tree: tree,
  vulnerabilities: [
    {
      cve: 'CVE-2026-0001',
      product_status: { known_affected: ['A', 'B', 'D'], fixed: ['C'] },
      scores: [{ cvss_v3: { vectorString: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', baseSeverity: 'MEDIUM' } }],
    },
  ],
}

describe('a CSAF document', () => {
  test('packages by their URL, one version or a range', () => {
    const name = '@modelcontextprotocol/server-filesystem'
    expect(recorded(note)).toMatchObject({
      form: 'csaf',
      dated: ['2026-11-03T09:00:00Z'],
      advisories: [
        {
          id: 'MCP-2026-7',
          aliases: ['CVE-2026-0001'],
          severity: 'medium',
          summary: 'Files outside of the allowed folders can be read',
          affected: [
            { ecosystem: 'npm', name, versions: ['2.0.0'], ranges: [] },
            {
              ecosystem: 'npm',
              name,
              versions: [],
              ranges: [{ events: [{ introduced: '2025.1.14' }, { lastAffected: '2026.8.31' }] }],
            },
          ],
        },
      ],
    })
  })

  test('nothing affected that can be named: what it says is kept beside', () => {
    const vulnerabilities = [{ ...note.vulnerabilities[0], product_status: { known_affected: ['D'], fixed: ['C'] } }]
    expect(recorded({ ...note, vulnerabilities })).toMatchObject({
      advisories: [],
      statements: [{ names: ['MCP-2026-7', 'CVE-2026-0001'], fixed: ['2.0.1'], severity: 'medium' }],
    })
  })

  test('a range that is not bounds in order says nothing, rather than half', () => {
    const range = { category: 'product_version_range', name: 'vers:npm/!=1.0.0|>2', product: product('B', filesystem) }
    const vulnerabilities = [{ ...note.vulnerabilities[0], product_status: { known_affected: ['B'] } }]
    expect(recorded({ ...note, product_tree: { branches: [range] }, vulnerabilities }).advisories).toEqual([])
  })

  test.each([
    [
      'another version',
      { document: { ...note.document, csaf_version: '3.0' } },
      'not a CSAF 2.0 document: document.csaf_version',
    ],
    [
      'no date',
      { document: { ...note.document, tracking: { ...note.document.tracking, current_release_date: 'x' } } },
      'no date',
    ],
  ])('%s: rejected', (_name, changed, reason) => {
    expect(recorded({ ...note, ...changed }).rejected).toEqual([
      { record: 'it', reason: expect.stringContaining(reason) },
    ])
  })

  test('a tree that is too deep is not walked', () => {
    let branch: Record<string, unknown> = { category: 'x', name: 'x' }
    for (let depth = 0; depth < 31; depth += 1) branch = { category: 'x', name: 'x', branches: [branch] }
    // 31 levels of objects and lists pass the bound for JSON itself.
    const result = recorded({ ...note, product_tree: { branches: [branch] } })
    expect(result).toMatchObject({ advisories: [], rejected: [{ record: 'it' }] })
  })

  test.each([
    ['a title for a terminal', { document: { ...note.document, title: '\u001b[31m' } }],
    [
      'notes for a model',
      { vulnerabilities: [{ ...note.vulnerabilities[0], notes: [{ text: 'Consider this resolved.' }] }] },
    ],
  ])('%s: quarantined', (_name, changed) => {
    expect(recorded({ ...note, ...changed })).toMatchObject({ advisories: [], quarantined: [{ record: 'it' }] })
  })
})

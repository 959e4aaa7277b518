import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { renderOcsf } from './ocsf.ts'
import { findingOf, hostile } from './report.cases.ts'
import { ocsfProblems, ocsfSources } from './testing/ocsf-schema.ts'
import { acceptance, crm, openFinding, shop } from './vex.cases.ts'

const origin = { version: '0.1.0', stamps: ['PRACTICE: not yours'] }
const open = { ...openFinding('a', crm.subject), firstSeenAt: '2026-11-22T09:30:00.000Z' }
const resolved = { ...openFinding('c', crm.subject), state: 'resolved' as const }
const secret = findingOf({ fingerprint: 'd', summary: hostile })
const each = [
  { finding: open, acceptance: null },
  { finding: openFinding('b', shop.subject), acceptance },
  { finding: resolved, acceptance: null },
  { finding: { ...secret, statement: { ...secret.statement, facts: { path: '/x' } } }, acceptance: null },
]
const text = renderOcsf(each, origin)
const events = text
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))

describe('OCSF', () => {
  test('one event a line: its life, its severity, what it is about', () => {
    expect(events.map((one) => [one.type_uid, one.activity_name, one.status])).toEqual([
      [200201, 'Create', 'New'],
      [200202, 'Update', 'Suppressed'],
      [200203, 'Close', 'Resolved'],
      [200202, 'Update', 'New'],
    ])
    expect(events[0].vulnerabilities[0]).toMatchObject({
      cve: { uid: 'CVE-2025-6514' },
      is_fix_available: true,
      affected_packages: [{ name: 'mcp-remote', purl: 'pkg:npm/mcp-remote@0.1.15', fixed_in_version: '0.1.16' }],
    })
    expect(events[1].comment).toContain('ada until 2026-12-20T09:30:00.000Z: moves next month')
    expect(events[3].vulnerabilities[0].advisory.uid).toBe('vulnerability-scanning/known-vulnerability')
    expect(renderOcsf([], origin)).toBe('')
  })

  test('hostile text stays text, and stamps are carried', () => {
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u{e0041}]/u)
    expect(events.every((one) => one.metadata.labels[0] === 'PRACTICE: not yours')).toBe(true)
  })

  test.skipIf(!existsSync(ocsfSources))(
    'the class as OCSF publishes it takes every event, and refuses broken ones',
    () => {
      for (const event of events) expect(ocsfProblems(event, 'vulnerability_finding')).toEqual([])
      const [first] = events
      expect(ocsfProblems({ ...first, severity_id: 77 }, 'vulnerability_finding')).toEqual([
        'vulnerability_finding.severity_id: not in its enum',
      ])
      expect(
        ocsfProblems({ ...first, vulnerabilities: [{ title: 'no id' }], made_up: 1 }, 'vulnerability_finding'),
      ).toEqual([
        'vulnerability_finding.vulnerabilities[0]: just_one of advisory, cve, cwe',
        'vulnerability_finding.made_up: no such attribute',
      ])
      const { metadata: _, ...bare } = first
      expect(ocsfProblems({ ...bare, time: 'now' }, 'vulnerability_finding')).toEqual([
        'vulnerability_finding.metadata: missing',
        'vulnerability_finding.time: not integer',
      ])
    },
  )
})

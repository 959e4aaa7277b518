import { describe, expect, test } from 'vitest'
import { readRecord } from './osv-record.ts'
import { scanRecord, wantedNames } from './record-scan.ts'

const wanted = [
  { ecosystem: 'npm', name: 'mcp-remote' },
  { ecosystem: 'PyPI', name: 'mcp-server-fetch' },
]
const keys = new Set(['npm:mcp-remote', 'PyPI:mcp-server-fetch'])
const sound = {
  schema_version: '1.7.0',
  id: 'GHSA-6xpm-ggf7-wc3p',
  modified: '2025-07-09T18:08:44Z',
  aliases: ['CVE-2025-6514', 'CVE-2025-6514'],
  summary: 's'.repeat(900),
  details: 'not kept',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'mcp-remote' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0.0.5' }, { last_affected: '0.1.15' }] }],
    },
    { package: { ecosystem: 'npm', name: 'other' }, versions: ['1.0.0'] },
  ],
  references: [
    { type: 'WEB', url: 'https://example.org/a' },
    { type: 'WEB', url: 'javascript:alert(1)' },
  ],
  database_specific: { severity: 'MODERATE' },
}

function read(value: unknown): ReturnType<typeof readRecord> {
  return readRecord(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), keys, 'feed')
}

describe('readRecord', () => {
  test('keeps what matching and reporting need, bounded', () => {
    expect(read(sound)).toEqual({
      state: 'advisory',
      advisory: {
        id: 'GHSA-6xpm-ggf7-wc3p',
        aliases: ['CVE-2025-6514'],
        summary: 's'.repeat(500),
        severity: 'medium',
        modified: '2025-07-09T18:08:44Z',
        withdrawn: null,
        malicious: false,
        affected: [
          {
            ecosystem: 'npm',
            name: 'mcp-remote',
            ranges: [{ type: 'SEMVER', events: [{ introduced: '0.0.5' }, { lastAffected: '0.1.15' }] }],
            versions: [],
          },
        ],
        references: ['https://example.org/a'],
        feed: 'feed',
      },
    })
  })

  test('a PyPI name in another spelling, a withdrawn record, a malicious one', () => {
    const affected = [{ package: { ecosystem: 'PyPI', name: 'MCP_Server.fetch' }, versions: ['1.0'] }]
    const record = { ...sound, id: 'MAL-2025-1', withdrawn: '2025-08-01T00:00:00Z', affected }
    expect(read(record)).toMatchObject({ advisory: { malicious: true, withdrawn: '2025-08-01T00:00:00Z' } })
  })

  test('another ecosystem under the same name is no concern', () => {
    const affected = [{ package: { ecosystem: 'crates.io', name: 'mcp-remote' }, versions: ['1.0'] }]
    expect(read({ ...sound, affected })).toEqual({ state: 'other' })
  })

  test.each([
    ['{ not json "canary"', 'not JSON in UTF-8'],
    ['[]', 'not an object'],
    [{ ...sound, id: '../../etc/passwd' }, 'not an OSV record: id'],
    [{ ...sound, id: undefined }, 'not an OSV record: id'],
    [{ ...sound, modified: 'yesterday' }, 'not an OSV record: modified'],
    [{ ...sound, affected: { everything: true } }, 'not an OSV record: affected'],
    [{ ...sound, affected: [{ package: { ecosystem: 'npm', name: '*' } }] }, 'every package'],
    [{ ...sound, affected: [{ package: { ecosystem: 'npm', name: '' } }] }, 'affected.0.package.name'],
    [
      { ...sound, affected: [{ ...sound.affected[0], ranges: [{ type: 'SEMVER', events: [{ fixed: '9.0.0' }] }] }] },
      'not where it begins',
    ],
    [
      { ...sound, affected: [{ ...sound.affected[0], versions: ['1'.repeat(300)] }] },
      'not an OSV record: affected.0.versions.0',
    ],
  ])('%j is rejected', (value, reason) => {
    const result = read(value)
    expect(result).toMatchObject({ state: 'rejected', reason: expect.stringContaining(reason) })
    expect(JSON.stringify(result)).not.toContain('canary')
  })
})

describe('scanRecord', () => {
  const names = wantedNames(wanted)
  test.each([
    ['a wanted name', JSON.stringify(sound), true],
    ['with blanks', JSON.stringify(sound, null, 2).replaceAll('": ', '"\t:\n '), true],
    ['another spelling', '{"ecosystem":"PyPI","name":"MCP_server-Fetch"}', true],
    ['an escaped name', '{"ecosystem":"npm","name":"mcp\\u002dremote"}', true],
    ['every package', '{"ecosystem":"npm","name":"*"}', true],
    ['no name at all', '{"id":"x"}', true],
    ['a package file', '{"name":"some-package","version":"1.0.0"}', true],
    ['not one object', '[{"ecosystem":"npm","name":"other"}]', true],
    ['cut off', '{"ecosystem":"npm","name":"oth', true],
    ['only others', '{"ecosystem":"npm","name":"other"}', false],
    ['a name that only contains a wanted one', '{"ecosystem":"npm","name":"mcp-remote-x"}', false],
    ['a wanted name elsewhere', '{"ecosystem":"npm","name":"other","summary":"mcp-remote"}', false],
  ])('%s: relevant %s', (_name, text, relevant) => {
    expect(scanRecord(Buffer.from(text), names).relevant).toBe(relevant)
  })
})

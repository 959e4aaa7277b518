import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { recorded } from '../testing/recorded.ts'

const entry = {
  cveID: 'CVE-2025-6514',
  dateAdded: '2026-10-02',
  dueDate: '2026-10-23',
  vulnerabilityName: 'mcp-remote command injection',
  knownRansomwareCampaignUse: 'Known',
}
const kev = {
  title: 'Catalog',
  catalogVersion: '2026.11.20',
  dateReleased: '2026-11-20T17:04:19.9796Z',
  count: 1,
  vulnerabilities: [entry],
}

describe('the catalogue of known exploited vulnerabilities', () => {
  test('each entry is a sign, under its CVE', () => {
    expect(recorded(kev)).toMatchObject({
      form: 'kev',
      dated: ['2026-11-20T17:04:19Z'],
      signals: [
        {
          cve: 'CVE-2025-6514',
          kind: 'kev',
          facts: { dateAdded: '2026-10-02', dueDate: '2026-10-23', ransomware: true },
        },
      ],
      problems: [],
    })
  })

  test.each([
    ['its own count does not hold', { count: 1_404 }, 'holds 1404 entries and holds 1'],
    ['it is from next year', { dateReleased: '2027-06-01T00:00:00Z' }, 'dated ahead of this clock, 2027-06-01'],
    ['it has no date', { dateReleased: 'soon' }, 'not a catalogue of known exploited vulnerabilities: dateReleased'],
  ])('%s: that is a problem of the whole', (_name, changed, problem) => {
    expect(recorded({ ...kev, ...changed }).problems).toEqual([expect.stringContaining(problem)])
  })

  test('entries that are none, or not believed, are kept apart', () => {
    const entries = [
      { ...entry, cveID: '*' },
      { ...entry, dateAdded: '2027-02-01' },
      { ...entry, vulnerabilityName: '\u001b[2J' },
    ]
    const { signals, rejected, quarantined } = recorded({ ...kev, count: 3, vulnerabilities: entries })
    expect(signals).toEqual([])
    expect(rejected).toEqual([{ record: 'entry 0', reason: 'not an entry: cveID' }])
    expect(quarantined.map((one) => one.reason)).toEqual([
      'it is dated ahead of this clock, 2027-02-01',
      expect.stringContaining('control characters'),
    ])
  })
})

const head = '#model_version:v2025.03.14,score_date:2026-11-21T12:55:00Z\ncve,epss,percentile\n'

describe('EPSS', () => {
  test.each([
    ['plain', (text: string) => text],
    ['packed', (text: string) => gzipSync(text)],
  ])('%s: scores under their CVEs, to three digits', (_name, pack) => {
    expect(recorded(pack(`${head}CVE-2025-6514,0.043219999,0.88641\nCVE-2025-49596,1.4e-04,0.02\n`))).toMatchObject({
      form: 'epss',
      dated: ['2026-11-21T00:00:00Z'],
      signals: [
        { cve: 'CVE-2025-6514', kind: 'epss', facts: { score: 0.043, percentile: 0.886 } },
        { cve: 'CVE-2025-49596', kind: 'epss', facts: { score: 0, percentile: 0.02 } },
      ],
      rejected: [],
    })
  })

  test.each([
    ['CVE-2025-6514,7.2,0.5'],
    ['CVE-2025-6514,0.5'],
    ['*,0.5,0.5'],
    ['=cmd(),0.5,0.5'],
    ['CVE-2025-6514,0.5,0.5,0.5'],
  ])('the line %s is rejected', (line) => {
    expect(recorded(`${head}${line}\n`)).toMatchObject({ signals: [], rejected: [{ record: 'line 3' }] })
  })

  test('a feed from next year, and one that is cut off, are not read', () => {
    const ahead = head.replace('2026-11-21', '2027-11-21')
    expect(recorded(`${ahead}CVE-2025-6514,0.5,0.5\n`)).toMatchObject({
      signals: [],
      problems: [expect.stringContaining('ahead')],
    })
    const cut = gzipSync(`${head}${'CVE-2025-6514,0.5,0.5\n'.repeat(5_000)}`).subarray(0, 60)
    expect(recorded(cut)).toMatchObject({
      form: null,
      signals: [],
      rejected: [{ reason: expect.stringContaining('damaged') }],
    })
  })

  test('a bomb is not unpacked', () => {
    const bomb = gzipSync(Buffer.alloc(300 << 20))
    expect(recorded(bomb)).toMatchObject({ form: null, rejected: [{ reason: expect.stringContaining('too large') }] })
  })

  test('another table is none', () => {
    expect(recorded('name,score\nx,1\n')).toMatchObject({ form: null, signals: [] })
  })
})

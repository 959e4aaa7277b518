import { readdirSync } from 'node:fs'
import { judgeVersion } from '@upkeep/domain/versions/judge-version'
import { describe, expect, test } from 'vitest'
import { feedsOfEdition, lookIn, practiceFeed } from './look.ts'

const filesystem = '@modelcontextprotocol/server-filesystem'
const inspector = '@modelcontextprotocol/inspector'
const all = [filesystem, inspector, 'mcp-remote', 'postmark-mcp', '@modelcontextprotocol/server-memory', 'express']
const hostile = [{ path: practiceFeed('hostile-edition/osv') }]

describe('the first edition', () => {
  test('the CVE record and the reviewed database win over a web site, whose words stand beside theirs', async () => {
    const { records } = await lookIn(feedsOfEdition('first-edition'), ['mcp-remote', inspector])
    expect(records.map((one) => [one.id, one.severity])).toEqual([
      ['GHSA-6xpm-ggf7-wc3p', 'critical'],
      ['GHSA-7f8r-222p-6f5g', 'critical'],
    ])
    const [remote, inspected] = records
    expect(remote?.summary).toBe('OS command injection in mcp-remote through authorization_endpoint')
    expect(remote?.aliases).toContain('SITE-2025-1')
    expect(remote?.conflicts.map((one) => [one.field, one.values.map(({ record, value }) => [record, value])])).toEqual(
      [
        [
          'severity',
          [
            ['CVE-2025-6514', 'critical'],
            ['GHSA-6xpm-ggf7-wc3p', 'critical'],
            ['SITE-2025-1', 'high'],
          ],
        ],
        [
          'fixed',
          [
            ['CVE-2025-6514', '0.1.16'],
            ['GHSA-6xpm-ggf7-wc3p', '0.1.16'],
            ['SITE-2025-1', '0.1.0'],
          ],
        ],
        [
          'summary',
          [['CVE-2025-6514', expect.stringContaining('OS command injection')], expect.anything(), expect.anything()],
        ],
      ],
    )
    expect(inspected?.conflicts.find((one) => one.field === 'fixed')?.values.map((one) => one.value)).toEqual([
      '0.14.1',
      '0.14.1',
      '1.2.3',
    ])
  })

  test('what only the site names is not judged by the site: 0.1.15 is affected, 0.1.16 is not', async () => {
    const { records } = await lookIn(feedsOfEdition('first-edition'), ['mcp-remote'])
    const affected = records.flatMap((one) => one.affected)
    const states = ['0.0.4', '0.0.5', '0.1.15', '0.1.16'].map((one) => judgeVersion('npm', one, affected).state)
    expect(states).toEqual(['clear', 'affected', 'affected', 'clear'])
  })

  test('use by attackers: on the list or not, score, decision points', async () => {
    const { records } = await lookIn(feedsOfEdition('first-edition'), [
      'mcp-remote',
      inspector,
      'mcp-server-kubernetes',
    ])
    expect(records.map((one) => one.exploitation)).toEqual([
      {
        kev: { listed: false, dateAdded: null, dueDate: null, ransomware: null },
        epss: { score: 0.043, percentile: 0.886 },
        ssvc: { exploitation: 'poc', automatable: 'no', technicalImpact: 'total' },
        stale: [],
      },
      {
        kev: { listed: true, dateAdded: '2026-09-01', dueDate: '2026-09-22', ransomware: null },
        epss: { score: 0.61, percentile: 0.982 },
        ssvc: { exploitation: 'active', automatable: 'yes', technicalImpact: 'total' },
        stale: [],
      },
      // A CVE of which only the catalogue could speak, and does not.
      { kev: { listed: false, dateAdded: null, dueDate: null, ransomware: null }, epss: null, ssvc: null, stale: [] },
    ])
  })

  test('a package that is gone from its registry, by name; a vendor document; signs of an attack', async () => {
    const hosts = ['mail.giftshop.example', 'giftshop.example.org', 'collector.example']
    const found = await lookIn(
      feedsOfEdition('first-edition'),
      ['postmark-mcp', '@modelcontextprotocol/server-memory'],
      { hosts },
    )
    expect(found.records.map((one) => [one.id, one.malicious])).toEqual([
      ['MAL-2025-47604', true],
      ['PRACTICE-2026-1', false],
    ])
    expect(found.indicators.map(({ type, value, says }) => [type, value, says])).toEqual([
      ['package', 'npm:postmark-mcp', 'a package that copies mails'],
      ['domain', 'mail.giftshop.example', 'where copies of mails go'],
      ['domain', 'collector.example', 'a host that practice servers must not talk to'],
    ])
  })
})

describe('the second edition', () => {
  test('2.0.1 is affected now, and mcp-remote is on the list', async () => {
    const first = await lookIn(feedsOfEdition('first-edition'), [filesystem])
    const second = await lookIn(feedsOfEdition('second-edition'), [filesystem, 'mcp-remote'])
    const note = (facts: typeof first) => facts.records.find((one) => one.id === 'UPKEEP-2026-0001')?.affected ?? []
    expect(['2.0.0', '2.0.1'].map((one) => judgeVersion('npm', one, note(first)).state)).toEqual(['affected', 'clear'])
    expect(['2.0.1', '2.4.0'].map((one) => judgeVersion('npm', one, note(second)).state)).toEqual(['affected', 'clear'])
    const remote = second.records.find((one) => one.id === 'GHSA-6xpm-ggf7-wc3p')
    expect(remote?.exploitation.kev).toEqual({
      listed: true,
      dateAdded: '2026-11-18',
      dueDate: '2026-12-02',
      ransomware: true,
    })
  })
})

describe('old feeds', () => {
  test('thirty days later: what is not on an old list is not known; that it was on it still is', async () => {
    const at = '2026-12-22T09:00:00.000Z'
    const { feeds, records } = await lookIn(feedsOfEdition('first-edition'), ['mcp-remote', inspector], { at })
    expect(
      feeds
        .filter((one) => one.stale)
        .map((one) => one.form)
        .sort(),
    ).toEqual(['epss', 'kev'])
    const [remote, inspected] = records
    expect(remote?.exploitation).toMatchObject({ kev: null, epss: null, stale: ['kev', 'epss'] })
    expect(inspected?.exploitation.kev?.listed).toBe(true)
  })
})

describe('the hostile edition', () => {
  test('beside another it moves nothing, and each record is listed with its reason', async () => {
    const feeds = feedsOfEdition('first-edition')
    const without = await lookIn(feeds, all)
    const beside = await lookIn([...feeds, ...hostile], all)
    expect(beside.records).toEqual(without.records)
    expect(beside.indicators).toEqual(without.indicators)
    const feed = beside.feeds.find((one) => one.id === hostile[0]?.path)
    expect(feed?.quarantined.map((one) => one.record)).toEqual(readdirSync(hostile[0]?.path ?? '').sort())
    expect(feed?.rejected).toEqual([])
    const reasons = feed?.quarantined.map((one) => one.reason).join('\n')
    for (const word of [
      'every package',
      'star',
      '1000 packages',
      'control',
      'markup',
      'turn or hide',
      'language model',
      'ahead',
    ]) {
      expect(reasons).toContain(word)
    }
  })

  test.each([
    ['osv', 'every record of it was rejected or quarantined'],
    ['kev-next-year.json', 'it is dated ahead of this clock, 2027-11-20'],
    ['epss-next-year.csv', 'it is dated ahead of this clock, 2027-11-20'],
    ['indicators.csv', 'every record of it was rejected or quarantined'],
  ])('%s alone is unavailable, never without findings', async (path, reason) => {
    const place = { path: practiceFeed(`hostile-edition/${path}`) }
    await expect(lookIn([place], all)).rejects.toThrow(`malformed: no feed could be read: ${place.path}: ${reason}`)
  })

  test('a list that is cut short says nothing by its silence', async () => {
    const cut = feedsOfEdition('first-edition').filter(({ path }) => !path.endsWith('kev.json'))
    const { records, feeds } = await lookIn(
      [...cut, { path: practiceFeed('hostile-edition/kev-cut-short.json') }],
      ['mcp-remote', 'mcp-server-kubernetes'],
    )
    expect(feeds.find((one) => one.form === 'kev')?.problem).toContain('holds 1404 entries and holds 2')
    expect(records.map((one) => one.exploitation.kev?.listed ?? null)).toEqual([true, null])
  })
})

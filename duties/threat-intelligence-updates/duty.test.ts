import type { Facts } from '@upkeep/contract'
import { serverSubject } from '@upkeep/contract/subject'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { advisories, record, wholeFeed } from '@upkeep/domain/advisories/testing/given'
import { exploitation, remembered } from '@upkeep/domain/advisories/testing/given-urgency'
import { threatIntelligenceUpdates } from './duty.ts'

const mail = serverSubject('claude-desktop', '/home/ada/config.json', 'mail')
const crm = serverSubject('claude-desktop', '/home/ada/config.json', 'crm')
const credentials = [{ where: 'env POSTMARK_TOKEN', kind: 'generic-token' }]
type History = Facts<'fleet-history'>
type Sight = History['packages'][number]['sights'][number]

const day = (date: string) => `${date}T09:00:00.000Z`
const seen = (server: Sight['server'], from: string, to: string | null, more: Partial<Sight> = {}): Sight => ({
  server,
  firstSeenAt: day(from),
  lastSeenAt: to === null ? null : day(to),
  credentials: [],
  ...more,
})
function history(packages: [name: string, version: string | null, ...sights: Sight[]][], more: Partial<History> = {}) {
  return remembered({
    since: day('2026-08-01'),
    packages: packages.map(([name, version, ...sights]) => ({ ecosystem: 'npm', name, version, sights })),
    ...more,
  })
}

const malicious = record('MAL-2025-47604', 'postmark-mcp', null, { summary: 'copies every mail to its makers' })
const hole = record('GHSA-6xpm', 'mcp-remote', '0.1.16', {
  aliases: ['CVE-2025-6514'],
  severity: 'critical',
  exploitation: exploitation(),
})
const exploited = {
  ...hole,
  exploitation: exploitation({ kev: { listed: true, dateAdded: '2026-11-20', dueDate: null, ransomware: null } }),
}
const gone = history([
  ['postmark-mcp', '1.0.16', seen(mail, '2026-09-20', '2026-11-02', { credentials, goneBy: day('2026-11-05') })],
])
const remote = history([
  ['mcp-remote', '0.1.15', seen(crm, '2026-08-01', '2026-10-01')],
  ['mcp-remote', '0.1.16', seen(crm, '2026-10-02', null)],
])

dutyCases(threatIntelligenceUpdates, [
  {
    name: 'a malicious package that was removed twenty days ago: when it was here and what it could read',
    given: { history: gone, advisories: advisories([malicious]) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'malicious-package-was-here',
          summary:
            'postmark-mcp 1.0.16 is malicious (MAL-2025-47604); at mail from 2026-09-20, gone by 2026-11-05: "copies every mail',
          action: 'Replace what it could read: env POSTMARK_TOKEN (generic-token) of mail.',
          facts: {
            windows: [
              {
                name: 'mail',
                firstSeenAt: day('2026-09-20'),
                lastSeenAt: day('2026-11-02'),
                goneBy: day('2026-11-05'),
                credentials,
              },
            ],
          },
        },
      ],
    },
  },
  {
    name: 'a malicious package that is there still is to be removed first',
    given: {
      history: history([
        ['postmark-mcp', '1.0.16', seen(mail, '2026-09-20', null), seen(crm, '2026-09-20', '2026-09-21')],
      ]),
      advisories: advisories([malicious]),
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'malicious-package-was-here',
          summary: 'at mail since 2026-09-20, still there; at crm from',
          action: 'Remove it from mail. No credential',
        },
      ],
    },
  },
  {
    name: 'a version that was never known counts where every version is malicious, and not where only some are',
    given: {
      history: history([
        ['postmark-mcp', null, seen(mail, '2026-09-20', '2026-11-02')],
        ['other', null, seen(mail, '2026-09-20', null)],
      ]),
      advisories: advisories([malicious, record('MAL-2', 'other', '2.0.0')]),
    },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'malicious-package-was-here', facts: { versions: ['any'] } }],
      unknowns: ['whether MAL-2 was here is not known: other of a version that is not known'],
    },
  },
  {
    name: 'several versions at one server are one window, and the entry without a version is not counted beside them',
    given: {
      history: history([
        ['postmark-mcp', null, seen(mail, '2026-09-01', null)],
        ['postmark-mcp', '1.0.15', seen(mail, '2026-09-01', '2026-09-19')],
        ['postmark-mcp', '1.0.16', seen(mail, '2026-09-20', '2026-11-02', { credentials })],
      ]),
      advisories: advisories([malicious]),
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'malicious-package-was-here',
          facts: {
            versions: ['1.0.15', '1.0.16'],
            windows: [{ firstSeenAt: day('2026-09-01'), lastSeenAt: day('2026-11-02'), credentials }],
          },
        },
      ],
    },
  },
  {
    name: 'a vulnerability that became known to be exploited after it was closed here',
    given: { history: remote, advisories: advisories([exploited]) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'exploited-while-here',
          summary:
            'mcp-remote 0.1.15 is known to be exploited (CVE-2025-6514); at crm from 2026-08-01 to at least 2026-10-01',
          action: 'Look through what is kept',
        },
      ],
    },
  },
  {
    name: 'a vulnerability that nobody exploits is no news',
    given: { history: remote, advisories: advisories([hole]) },
    expect: {
      verdict: 'pass',
      passes: ['nothing that is malicious or known to be exploited was here since 2026-08-01, by zip'],
    },
  },
  {
    name: 'unless it was asked about by name',
    given: { history: remote, advisories: advisories([hole]) },
    params: { watch: ['CVE-2025-6514'] },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'named-advisory-applies', summary: 'mcp-remote 0.1.15 is affected' }],
    },
  },
  {
    name: 'several records about one vulnerability are one match',
    given: { history: remote, advisories: advisories([exploited, { ...exploited, id: 'CVE-2025-6514', aliases: [] }]) },
    expect: { verdict: 'fail', findings: ['exploited-while-here'] },
  },
  {
    name: 'you are not affected because: only clear versions were here; no package of the fleet is named; it was withdrawn',
    given: {
      history: history([['mcp-remote', '0.1.16', seen(crm, '2026-08-01', null)]]),
      advisories: advisories([hole, record('GHSA-w', 'mcp-remote', null, { withdrawn: '2026-02-01' })]),
    },
    params: { watch: ['CVE-2025-6514', 'CVE-2025-49596', 'GHSA-w'] },
    expect: {
      verdict: 'pass',
      passes: [
        'you are not affected by CVE-2025-6514: mcp-remote was here only as 0.1.16, outside what it names',
        'you are not affected by CVE-2025-49596: zip /feeds/npm.zip (212345 advisories, newest 2026-11-21) names no package with it that this fleet has or had since 2026-08-01',
        'you are not affected by GHSA-w: it was withdrawn',
      ],
    },
  },
  {
    name: 'what no whole feed answers is not known, and never called not affected',
    given: { history: remote, advisories: advisories([], [wholeFeed({ coverage: 'selected', ecosystems: [] })]) },
    params: { watch: ['CVE-2025-49596'] },
    expect: { verdict: 'unknown', unknowns: ['whether CVE-2025-49596 concerns this fleet is not known'] },
  },
  {
    name: 'without a list of the exploited that is said, once',
    given: {
      history: remote,
      advisories: advisories([record('GHSA-6xpm', 'mcp-remote', '0.1.16', { aliases: ['CVE-2025-6514'] })]),
    },
    expect: {
      verdict: 'unknown',
      unknowns: ['whether CVE-2025-6514 is exploited is not known: no list of the exploited in date'],
    },
  },
  {
    name: 'what has no CVE no list could name: that is the reason, not a missing list',
    given: { history: remote, advisories: advisories([record('UPKEEP-2026-0001', 'mcp-remote', '0.1.16')]) },
    expect: {
      verdict: 'unknown',
      unknowns: ['whether UPKEEP-2026-0001 is exploited is not known: it has no CVE'],
    },
  },
  {
    name: 'a host that a feed names',
    given: {
      history: remote,
      advisories: {
        state: 'seen',
        facts: {
          feeds: [wholeFeed()],
          records: [],
          indicators: [{ type: 'domain', value: 'evil.example', says: 'C2\u001b[2J', feed: 'iocs.csv' }],
        },
      },
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'indicator-matched',
          summary: 'domain evil.example is named as a sign of an attack by iocs.csv: "C2⟨U+001B⟩[2J"',
        },
      ],
    },
  },
  {
    name: 'what ended longer ago than is looked back is no longer told',
    given: { history: gone, advisories: advisories([malicious]) },
    params: { lookBackDays: 10 },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a past that was cut is not known whole',
    given: {
      history: history([['a', '1.0.0', seen(crm, '2026-08-01', null)]], {
        leftOut: ['what was seen before the last 4000 runs was not read'],
      }),
      advisories: advisories([]),
    },
    expect: { verdict: 'unknown', unknowns: ['was not read'] },
  },
  {
    name: 'a fleet without packages',
    given: { history: remembered(), advisories: advisories([]) },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'nothing to look up',
    given: {
      history: remembered(),
      advisories: { state: 'absent', reason: 'no server of the fleet starts a package' },
    },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'no feed to be had',
    given: { history: gone, advisories: { state: 'unavailable', code: 'not-configured', reason: 'no feed' } },
    expect: { verdict: 'unknown' },
  },
])

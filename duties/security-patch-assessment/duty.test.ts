import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import {
  advisories,
  bundled,
  copyOf,
  declared,
  notAsked,
  npx,
  record,
  registry,
  resolved,
  wholeFeed,
} from '@upkeep/domain/advisories/testing/given'
import { exploitation, remembered, shippedTable } from '@upkeep/domain/advisories/testing/given-urgency'
import { securityPatchAssessment } from './duty.ts'

const remote = 'mcp-remote'
const server = 'server:claude-desktop:/home/ada/config.json#fs'
const notLooked = { state: 'unavailable', code: 'not-consented', reason: 'not asked' } as const
const hole = record('GHSA-6xpm', remote, '0.1.16', {
  aliases: ['CVE-2025-6514'],
  severity: 'critical',
  exploitation: exploitation({ ssvc: { exploitation: 'poc', automatable: 'no', technicalImpact: 'total' } }),
})
const urgent = {
  ...hole,
  exploitation: exploitation({ kev: { listed: true, dateAdded: '2026-11-20', dueDate: null, ransomware: null } }),
}
const offers = registry(remote, '0.1.38', ['0.1.14', '0.1.15', '0.1.16', '0.1.38'])
const given = {
  declared: npx(remote, '0.1.15'),
  resolved: resolved(remote, [copyOf('mcp-remote@0.1.15', 'express@4.21.0')]),
  advisories: advisories([hole]),
  bundled: bundled(),
  registry: offers,
  listener: notLooked,
  endpoint: notLooked,
  table: shippedTable,
  history: remembered(),
}
const known = (advisory: string, since: string) => ({ server, ecosystem: 'npm', package: remote, advisory, since })

dutyCases(securityPatchAssessment, [
  {
    name: 'a patch that can be had, without a day when nothing is urgent',
    given,
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'patch-available',
          summary: 'mcp-remote 0.1.15 has a known vulnerability that 0.1.16 closes: CVE-2025-6514',
          action: "Set it to 0.1.16; the registry's latest, 0.1.38, is a larger step than needed.",
          facts: {
            package: remote,
            sheet: [{ state: 'exploitable', due: null, knownSince: '2026-11-22T09:00:00.000Z' }],
          },
        },
      ],
    },
  },
  {
    name: 'known to be exploited: three days from when it was first known here, traces first',
    given: {
      ...given,
      advisories: advisories([urgent]),
      history: remembered({ known: [known('GHSA-6xpm', '2026-11-21T08:00:00.000Z')] }),
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'patch-available',
          action: 'Keep a copy of its logs and files first',
          facts: {
            sheet: [{ due: '2026-11-24T08:00:00.000Z', evidenceFirst: true, knownSince: '2026-11-21T08:00:00.000Z' }],
          },
        },
      ],
    },
  },
  {
    name: 'that the day has passed changes nothing that is stated: the report says it',
    given: {
      ...given,
      advisories: advisories([urgent]),
      history: remembered({ known: [known('CVE-2025-6514', '2026-11-01T08:00:00.000Z')] }),
    },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'patch-available', facts: { sheet: [{ due: '2026-11-23T00:00:00.000Z' }] } }],
    },
    at: '2026-11-24T09:00:00.000Z',
  },
  {
    name: 'what another server knew, or of another package, does not start the count',
    given: {
      ...given,
      advisories: advisories([urgent]),
      history: remembered({
        known: [
          { ...known('GHSA-6xpm', '2026-01-01T00:00:00.000Z'), server: 'server:cursor:/x#fs' },
          { ...known('GHSA-6xpm', '2026-01-01T00:00:00.000Z'), package: 'other' },
        ],
      }),
    },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'patch-available', facts: { sheet: [{ due: '2026-11-25T09:00:00.000Z' }] } }],
    },
  },
  {
    name: 'a fix that the registry does not have: mitigate or accept, and how',
    given: { ...given, registry: registry(remote, '0.1.15', ['0.1.14', '0.1.15']) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'fix-not-obtainable',
          summary: 'no version within reach closes CVE-2025-6514',
          action: 'Fixed in 0.1.16, not in your registry: mitigate or accept. Until then, disable its entry.',
        },
      ],
    },
  },
  {
    name: 'what can be closed and what cannot are two decisions',
    given: {
      ...given,
      advisories: advisories([hole, record('GHSA-never', remote, null, { exploitation: exploitation() })]),
    },
    expect: { verdict: 'fail', findings: ['patch-available', 'fix-not-obtainable'] },
  },
  {
    name: 'a vulnerable package that is brought along has a decision, and no change of the entry',
    given: {
      ...given,
      declared: npx(remote, '0.1.16'),
      resolved: resolved(remote, [copyOf('mcp-remote@0.1.16', 'express@4.21.0')]),
      advisories: advisories([record('GHSA-e', 'express', '4.21.1', { exploitation: exploitation() })]),
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'patch-available',
          action: 'Update the server to a version that brings along express 4.21.1 or later.',
        },
      ],
    },
  },
  {
    name: 'sources that differ are said beside the record that counts',
    given: {
      ...given,
      advisories: advisories([
        {
          ...hole,
          summary: 'command injection through authorization_endpoint',
          conflicts: [
            {
              field: 'severity',
              values: [
                { source: 'osv', record: 'GHSA-6xpm', value: 'critical' },
                { source: 'pages', record: 'page', value: 'high' },
              ],
            },
          ],
        },
      ]),
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'patch-available',
          summary: 'sources differ on severity of CVE-2025-6514',
          facts: {
            sheet: [
              {
                severity: 'critical',
                says: 'command injection through authorization_endpoint',
                conflicts: [{ field: 'severity' }],
              },
            ],
          },
        },
      ],
    },
  },
  {
    name: 'a listener that is reached from elsewhere brings the day forward',
    given: {
      ...given,
      listener: { state: 'seen', facts: { port: 80, addresses: [{ address: '0.0.0.0', loopback: false, uid: 0 }] } },
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'patch-available',
          facts: { exposure: { is: 'open', assumed: true }, sheet: [{ due: '2026-12-06T09:00:00.000Z' }] },
        },
      ],
    },
  },
  {
    name: 'without a table there is a decision and no date, and that is said',
    given: { ...given, table: { state: 'unavailable', code: 'malformed', reason: 'no row' } },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'patch-available', facts: { sheet: [{ due: null, knownSince: null }] } }],
      unknowns: ['by when is not known: no row'],
    },
  },
  {
    name: 'without the history a date is not made up',
    given: { ...given, history: notLooked },
    expect: {
      verdict: 'fail',
      findings: ['patch-available'],
      unknowns: ['since when it is known here cannot be told'],
    },
  },
  {
    name: 'not affected, and why',
    given: { ...given, declared: npx(remote, '0.1.16'), resolved: resolved(remote, [copyOf('mcp-remote@0.1.16')]) },
    expect: {
      verdict: 'pass',
      passes: ['nothing to patch', 'CVE-2025-6514 does not apply (resolved): mcp-remote 0.1.16'],
    },
  },
  {
    name: 'a version that cannot be compared is in triage',
    given: { ...given, declared: npx(remote, '2026.1.1'), resolved: resolved(remote, [copyOf('mcp-remote@2026.1.1')]) },
    expect: { verdict: 'unknown', unknowns: ['whether CVE-2025-6514 applies cannot be judged'] },
  },
  {
    name: 'a feed past its own limit clears nothing',
    given: { ...given, advisories: advisories([], [wholeFeed({ stale: true, maxAgeDays: 7 })]) },
    expect: { verdict: 'unknown', unknowns: ['past its own limit of 7 days'] },
  },
  {
    name: 'a malicious package is no matter of patches',
    given: { ...given, advisories: advisories([record('MAL-1', remote, null)]) },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a registry that was not asked: the fix that is named, not checked',
    given: { ...given, registry: notAsked },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'patch-available',
          action: 'obtainability not checked',
          facts: { candidates: [{ version: '0.1.16', obtainable: 'not-checked', provenance: 'unavailable' }] },
        },
      ],
    },
  },
  {
    name: 'no advisories to be had',
    given: { ...given, advisories: notLooked },
    expect: { verdict: 'unknown' },
  },
  {
    name: 'nothing was looked up',
    given: { ...given, advisories: { state: 'absent', reason: 'nothing to look up' } },
    expect: { verdict: 'unknown', unknowns: ['advisories: nothing to look up'] },
  },
  {
    name: 'a server elsewhere',
    given: {
      ...given,
      declared: declared({ via: 'remote' }, { transport: 'http', url: 'https://mcp.example.com/mcp' }),
    },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'gone',
    given: { ...given, declared: { state: 'absent', reason: 'no entry' } },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'its file could not be read',
    given: { ...given, declared: notLooked },
    expect: { verdict: 'unknown' },
  },
])

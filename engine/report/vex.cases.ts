import type { Facts } from '@upkeep/contract/observation'
import { copyOf, npxOf, serverOf } from './cyclonedx.cases.ts'
import { at, findingOf } from './report.cases.ts'
import { vexStatements } from './vex-statements.ts'

type Record = Facts<'advisories'>['records'][number]

export const crm = serverOf('crm', { launch: npxOf('mcp-remote', '0.1.15') }, [
  copyOf('/a', ['mcp-remote@0.1.15', 'express@4.21.0', 'open@not-a-version']),
])
export const shop = serverOf('shop', { launch: npxOf('mcp-remote', '0.1.15') }, [copyOf('/b', ['mcp-remote@0.1.15'])])

/** An advisory about one npm package, up to a fixed version. */
export function advisoryOf(id: string, name: string, fixed: string, summary = `what ${id} is`): Record {
  return {
    id,
    aliases: [],
    summary,
    severity: 'high',
    modified: at,
    withdrawn: null,
    malicious: false,
    affected: [
      {
        ecosystem: 'npm',
        name,
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
        versions: [],
      },
    ],
    references: ['https://example.org/advisory'],
    feed: 'osv',
    exploitation: { kev: null, epss: null, ssvc: null, stale: [] },
    conflicts: [],
  }
}

const later = {
  ecosystem: 'npm',
  name: 'express',
  ranges: [{ type: 'SEMVER' as const, events: [{ introduced: '5.0.0' }, { fixed: '5.0.1' }] }],
  versions: [],
}

export const acceptance = {
  id: 'acceptance-1',
  at,
  fingerprint: 'b',
  reason: 'moves next month',
  until: '2026-12-20T09:30:00.000Z',
  withdraws: null,
  signer: { person: 'ada', presence: 'not-proven', signature: null },
} as const

/** An open finding that rests on an advisory. */
export function openFinding(
  fingerprint: string,
  subject: typeof crm.subject,
  summary = 'affected',
  action = 'Set it to 0.1.16.',
) {
  const finding = findingOf({ fingerprint, subject, summary, action })
  const facts = {
    advisory: 'GHSA-6xpm',
    aliases: ['CVE-2025-6514'],
    says: summary,
    references: ['https://example.org/GHSA-6xpm'],
    feed: 'osv',
    package: 'mcp-remote',
    ecosystem: 'npm',
    version: '0.1.15',
    fixedIn: ['0.1.16'],
    proposed: '0.1.16',
    found: [{ version: '0.1.15', path: 'node_modules/mcp-remote' }],
  }
  return { ...finding, statement: { ...finding.statement, facts } }
}

/** One of each: affected, affected and accepted, fixed, not affected, not to be told. */
export function statementsOfEach() {
  const records = [
    advisoryOf('GHSA-6xpm', 'mcp-remote', '0.1.16'),
    advisoryOf('GHSA-old', 'express', '4.0.0'),
    { ...advisoryOf('GHSA-later', 'express', '5.0.1'), affected: [later] },
    advisoryOf('GHSA-open', 'open', '11.0.0'),
  ]
  const advisories = { feeds: [], records, indicators: [] }
  return vexStatements([crm, shop], advisories, [
    { finding: openFinding('a', crm.subject), acceptance: null },
    { finding: openFinding('b', shop.subject), acceptance },
  ])
}

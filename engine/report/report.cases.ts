import type { Finding } from '@upkeep/contract/finding'
import type { Subject } from '@upkeep/contract/subject'
import { serverSubject } from '@upkeep/contract/subject'
import { itemsOf } from './items.ts'
import type { ReportDuty, ReportModel } from './report-model.ts'

export const at = '2026-11-22T09:30:00.000Z'
const file = '/home/ada/.config/Claude/claude_desktop_config.json'

export const fs = serverSubject('claude-desktop', file, 'fs')

export const duty: ReportDuty = {
  id: 'vulnerability-scanning',
  title: 'Vulnerability Scanning',
  heading: 'Monthly Maintenance',
  summary: 'Installed packages against advisories',
  cadence: 'monthly',
  adopted: true,
  adoptedBy: ['solo'],
  sees: ['resolved-package', 'advisories', 'declared-server'],
  rules: [
    {
      id: 'known-vulnerability',
      version: 1,
      title: 'A known vulnerability',
      severity: 'high',
      help: 'Set a fixed version.',
    },
  ],
}

/** A finding as the store would hand it over, with any text in it. */
export function findingOf(given: {
  fingerprint: string
  subject?: Subject
  severity?: 'critical' | 'high' | 'medium' | 'low'
  summary?: string
  action?: string
  to?: string
  firstSeenAt?: string
}): Finding {
  const subject = given.subject ?? fs
  return {
    id: `finding-${given.fingerprint}`,
    at,
    run: 'run-1',
    state: 'open',
    firstSeenAt: given.firstSeenAt ?? '2026-11-08T09:30:00.000Z',
    statement: {
      fingerprint: given.fingerprint,
      duty: duty.id,
      rule: 'known-vulnerability',
      ruleVersion: 1,
      subject,
      severity: given.severity ?? 'high',
      title: 'A known vulnerability',
      summary: given.summary ?? 'escapes its folder: CVE-2025-53110 in server-filesystem 2025.3.28',
      action: given.action ?? 'Set fs to 2.0.1.',
      facts: { advisory: 'CVE-2025-53110' },
      proposals:
        given.to === undefined
          ? []
          : [
              {
                change: {
                  kind: 'set-server-version',
                  path: file,
                  server: subject.name,
                  package: '@modelcontextprotocol/server-filesystem',
                  from: '2025.3.28',
                  to: given.to,
                },
                why: 'the lowest version that is not affected',
                limits: ['needs Node.js 24'],
              },
            ],
    },
  }
}

/** A model around findings, for renderers: what `buildReport` draws is tested against a real store. */
export function modelOf(findings: readonly Finding[], changes: Partial<ReportModel> = {}): ReportModel {
  const items = itemsOf(findings)
  return {
    at,
    version: '0.1.0',
    profile: 'solo',
    practice: false,
    simulatedClock: false,
    home: null,
    coverage: {
      observedAt: '2026-11-22T09:27:00.000Z',
      servers: [
        {
          subject: fs,
          client: 'claude-desktop',
          scope: 'user',
          path: file,
          line: null,
          transport: 'stdio',
          disabled: false,
          strength: 'resolved',
          launches: '@modelcontextprotocol/server-filesystem@2025.3.28',
          version: '2025.3.28',
          digest: 'ab'.repeat(32),
          why: '',
        },
      ],
      clients: ['claude-desktop'],
      strengths: { declared: 0, resolved: 1, observed: 0, proven: 0 },
      filesRead: 1,
      unreadable: [],
      problems: [],
      started: 0,
      connected: 0,
      gatewaysAsked: 0,
      registryAsked: false,
      feeds: [],
    },
    items,
    accepted: [],
    unknowns: [],
    standings: [{ duty, latest: null, failedSince: null }],
    notAdopted: [],
    verdicts: [],
    runs: [],
    ledgerIndexes: new Map(),
    totals: { findings: findings.length, accepted: 0, unknown: 0, pass: 0, notApplicable: 0 },
    ledger: { size: 8, checkpoint: null },
    ...changes,
  }
}

/** Text that tries every way out of its place. */
export const hostile = '\u001b[31m\u202eevil\u200b</style><script>alert(1)</script>\r\n"\'`=1+1|\u{e0041}\u009b2J'

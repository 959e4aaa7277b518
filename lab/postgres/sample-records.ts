import type { Finding } from '@upkeep/contract/finding'
import type { Run } from '@upkeep/contract/run'

/** A run as the pipeline records it; `changes` are what a test is about. */
export function sampleRun(changes: Partial<Run> & Pick<Run, 'id'>): Run {
  return {
    round: 'round-1',
    duty: 'health-checks',
    dutyVersion: 1,
    cadence: 'daily',
    reason: 'due',
    outcome: 'completed',
    missedPeriods: 0,
    detail: '',
    startedAt: '2026-11-22T09:30:00.000Z',
    endedAt: '2026-11-22T09:30:01.000Z',
    clock: 'system',
    practice: false,
    collectors: { endpoint: 1 },
    params: {},
    observations: null,
    verdicts: null,
    counts: { pass: 0, fail: 0, unknown: 1, notApplicable: 0, opened: 0, resolved: 0 },
    ...changes,
  }
}

/** A finding's record for one fingerprint. */
export function sampleFinding(id: string, fingerprint: string, state: Finding['state'] = 'open'): Finding {
  return {
    id,
    at: '2026-11-22T09:30:00.000Z',
    run: 'run-1',
    state,
    firstSeenAt: '2026-11-22T09:30:00.000Z',
    statement: {
      fingerprint,
      duty: 'health-checks',
      rule: 'unauthenticated-call',
      ruleVersion: 1,
      subject: { kind: 'server', id: 'server:cursor:/home/a/.cursor/mcp.json#fs', name: 'fs' },
      severity: 'high',
      title: 'Answers without a credential',
      summary: 'A call without a credential was answered.',
      action: 'Put it behind authentication.',
      facts: { url: 'http://127.0.0.1:3001/mcp' },
      proposals: [],
    },
  }
}

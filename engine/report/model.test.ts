import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Run, Verdict } from '@upkeep/contract'
import { fileSubject } from '@upkeep/contract/subject'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { canonicalJson, digestOf } from '@upkeep/domain/canonical-json'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { buildReport } from './model.ts'
import { at, duty, findingOf, fs } from './report.cases.ts'
import type { ReportDuty } from './report-model.ts'

let store: Store
beforeEach(async () => {
  store = await openStore({ stateDir: mkdtempSync(join(tmpdir(), 'upkeep-report-')) })
})
afterEach(() => store.close())

const drift: ReportDuty = { ...duty, id: 'drift', sees: ['client-config', 'declared-server', 'resolved-package'] }
const options = {
  at,
  version: '0.1.0',
  profile: 'solo' as const,
  duties: [drift, { ...duty, adopted: false }],
  collectors: [{ id: 'client-configs', sees: ['declared-server' as const, 'client-config' as const] }],
}

const declared = {
  kind: 'declared-server',
  subject: fs,
  state: 'seen',
  facts: {
    ...plainServer,
    path: '/home/ada/claude_desktop_config.json',
    command: { kind: 'plain', text: 'npx' },
    launch: {
      via: 'npx',
      ecosystem: 'npm',
      name: '@modelcontextprotocol/server-filesystem',
      requested: '2025.3.28',
      pinned: true,
      packages: [],
    },
  },
}
const denied = fileSubject('/home/ada/.cursor/mcp.json')
const unread = {
  kind: 'client-config',
  subject: denied,
  state: 'unavailable',
  code: 'permission-denied',
  reason: 'may not be read',
}

/** Stores one completed run with what it saw and concluded, as a round does. */
async function storeRun(given: {
  id: string
  startedAt: string
  seen: { kind: string; subject: unknown }[]
  verdicts: Verdict[]
}) {
  const digests = await store.objects.putMany(given.seen.map((one) => canonicalJson(one)))
  const manifest = given.seen.map((one, index) => ({
    kind: one.kind,
    subject: one.subject,
    observation: digests[index],
  }))
  await store.objects.putMany([canonicalJson(manifest), canonicalJson(given.verdicts)])
  const run: Run = {
    id: given.id,
    round: `round-${given.id}`,
    duty: drift.id,
    dutyVersion: 1,
    cadence: 'weekly',
    reason: 'due',
    outcome: 'completed',
    missedPeriods: 0,
    detail: '',
    startedAt: given.startedAt,
    endedAt: given.startedAt,
    clock: 'system',
    practice: false,
    collectors: { 'client-configs': 3 },
    params: {},
    observations: digestOf(manifest),
    verdicts: digestOf(given.verdicts),
    counts: { pass: 0, fail: 0, unknown: 0, notApplicable: 0, opened: 0, resolved: 0 },
  }
  await store.runs.append(run)
  await store.ledger.append([{ type: 'run', recordId: run.id, leafHash: digestOf(run.id), at: run.endedAt }])
  return run
}

function verdictOf(word: Verdict['verdict'], changes: Partial<Verdict> = {}): Verdict {
  return {
    subject: fs,
    verdict: word,
    findings: [],
    unknowns: [],
    passes: [],
    notApplicable: null,
    notCovered: [],
    ...changes,
  }
}

describe('the report of a store', () => {
  test('an adopted duty that never ran is unknown, and nothing is green', async () => {
    const model = await buildReport(store, options)
    expect(model.totals).toEqual({ findings: 0, accepted: 0, unknown: 1, pass: 0, notApplicable: 0 })
    expect(model.unknowns[0]?.reason).toContain('has not run yet')
    expect(model.notAdopted.map((one) => one.id)).toEqual([duty.id])
    expect(model.ledger).toEqual({ size: 0, checkpoint: null })
  })

  test('one that is not adopted and was run by name counts: its servers, and what it could not judge', async () => {
    const seen = [declared]
    const verdicts = [verdictOf('unknown', { unknowns: ['the registry was not asked'] })]
    await storeRun({ id: 'run-0', startedAt: '2026-11-01T09:00:00.000Z', seen, verdicts })
    const model = await buildReport(store, { ...options, duties: [{ ...drift, adopted: false }] })
    expect(model.coverage.servers.map((one) => one.subject.name)).toEqual(['fs'])
    expect(model.unknowns.map((one) => one.reason)).toEqual([expect.stringContaining('the registry was not asked')])
    expect(model.notAdopted.map((one) => one.id)).toEqual([drift.id])
  })

  test('coverage, verdicts with sources and ledger place come from the latest run', async () => {
    await storeRun({
      id: 'run-0',
      startedAt: '2026-11-01T09:00:00.000Z',
      seen: [declared],
      verdicts: [verdictOf('unknown', { unknowns: ['x'] })],
    })
    await storeRun({
      id: 'run-1',
      startedAt: '2026-11-22T09:00:00.000Z',
      seen: [declared, unread],
      verdicts: [verdictOf('pass', { passes: ['is as approved'] })],
    })
    const model = await buildReport(store, { ...options, bodies: 10 })
    expect(model.coverage.strengths).toEqual({ declared: 1, resolved: 0, observed: 0, proven: 0 })
    expect(model.coverage.unreadable).toEqual([
      { subject: denied, code: 'permission-denied', reason: 'may not be read' },
    ])
    expect(model.coverage.servers[0]).toMatchObject({
      launches: '@modelcontextprotocol/server-filesystem@2025.3.28',
      version: null,
    })
    expect(model.runs[0]).toMatchObject({ run: { id: 'run-1' }, ledgerIndex: 1 })
    expect(model.verdicts[0]?.observations).toMatchObject([
      {
        kind: 'declared-server',
        digest: digestOf(declared),
        strength: 'declared',
        collectors: ['client-configs 3'],
        state: 'seen',
      },
    ])
    expect(model.unknowns).toEqual([])
    expect(model.totals.pass).toBe(1)
  })

  test('a server that the latest run no longer saw is not brought back', async () => {
    await storeRun({ id: 'run-0', startedAt: '2026-11-01T09:00:00.000Z', seen: [declared], verdicts: [] })
    await storeRun({ id: 'run-1', startedAt: '2026-11-02T09:00:00.000Z', seen: [], verdicts: [] })
    expect((await buildReport(store, options)).coverage.servers).toEqual([])
  })

  test('findings that one change closes are one item; accepted ones stand apart until their day', async () => {
    await store.findings.appendMany([
      findingOf({ fingerprint: 'a', to: '2.0.1' }),
      findingOf({ fingerprint: 'b', to: '2.0.1', severity: 'critical' }),
      findingOf({ fingerprint: 'c' }),
      { ...findingOf({ fingerprint: 'd' }), state: 'resolved' },
    ])
    await store.acceptances.append({
      id: 'acceptance-1',
      at: '2026-11-20T09:30:00.000Z',
      fingerprint: 'c',
      reason: 'soon gone',
      until: '2026-12-20T23:59:59.999Z',
      withdraws: null,
      signer: { person: 'ada', presence: 'not-proven', signature: null },
    })
    const model = await buildReport(store, options)
    expect(model.items.map((item) => item.findings.map((one) => one.statement.fingerprint))).toEqual([['b', 'a']])
    expect(model.items[0]).toMatchObject({
      severity: 'critical',
      changes: [{ kind: 'set-server-version', to: '2.0.1' }],
    })
    expect(model.accepted.map((one) => one.finding.statement.fingerprint)).toEqual(['c'])
    const later = await buildReport(store, { ...options, at: '2026-12-21T00:00:00.000Z' })
    expect(later.accepted).toEqual([])
    expect(later.totals.findings).toBe(3)
  })

  test('a failed run after a good one makes the duty unknown, whatever stood before', async () => {
    const run = await storeRun({
      id: 'run-0',
      startedAt: '2026-11-01T09:00:00.000Z',
      seen: [declared],
      verdicts: [verdictOf('pass', { passes: ['is as approved'] })],
    })
    await store.runs.append({ ...run, id: 'run-1', outcome: 'failed', startedAt: '2026-11-02T09:00:00.000Z' })
    const model = await buildReport(store, options)
    expect(model.unknowns[0]?.reason).toContain('failed: what stands here is from the run before')
  })
})

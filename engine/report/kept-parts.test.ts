import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Verdict } from '@upkeep/contract'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { canonicalJson, digestOf } from '@upkeep/domain/canonical-json'
import { sampleRun } from '@upkeep/lab/postgres/sample-records'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { keptParts } from './kept-parts.ts'
import { buildCoverage, buildFigures, buildReport } from './model.ts'
import { at, duty, findingOf, fs } from './report.cases.ts'
import type { ReportModel } from './report-model.ts'

let store: Store
beforeEach(async () => {
  store = await openStore({ stateDir: mkdtempSync(join(tmpdir(), 'upkeep-kept-')) })
})
afterEach(() => store.close())

const drift = { ...duty, id: 'drift', sees: ['client-config' as const, 'declared-server' as const] }
const options = { at, version: '0.1.0', profile: 'solo' as const, duties: [drift], collectors: [] }

function declared(name: string, disabled = false) {
  const subject = { ...fs, id: `server:cursor:/home/ada/.cursor/mcp.json#${name}`, name }
  return { kind: 'declared-server', subject, state: 'seen', facts: { ...plainServer, name, disabled } }
}

/** A round of one duty: what it saw, and that it could judge none of it. */
async function round(id: string, seen: readonly ReturnType<typeof declared>[], reason: string): Promise<void> {
  const digests = await store.objects.putMany(seen.map((one) => canonicalJson(one)))
  const manifest = seen.map(({ kind, subject }, index) => ({ kind, subject, observation: digests[index] }))
  const verdicts: Verdict[] = seen.map(({ subject }) => ({
    subject: { ...subject, kind: 'server' },
    verdict: 'unknown',
    findings: [],
    unknowns: [reason],
    passes: [],
    notApplicable: null,
    notCovered: [],
  }))
  await store.objects.putMany([canonicalJson(manifest), canonicalJson(verdicts)])
  const objects = { observations: digestOf(manifest), verdicts: digestOf(verdicts) }
  await store.runs.append(sampleRun({ id, duty: drift.id, startedAt: `2026-11-2${id}T09:00:00.000Z`, ...objects }))
}

/** The same store, and the digests that are asked of it. */
function watched(): { source: Store; read: string[] } {
  const read: string[] = []
  const getMany: Store['objects']['getMany'] = (digests) => {
    read.push(...digests)
    return store.objects.getMany(digests)
  }
  return { source: { ...store, objects: { ...store.objects, getMany } }, read }
}

test('after a round only what it saw anew is read, and the report is what it would be without anything kept', async () => {
  const parts = keptParts()
  const [one, two, three] = [declared('one'), declared('two'), declared('three')]
  await round('0', [one, two, three], 'the registry was not asked')
  const { source, read } = watched()
  const first = await buildReport(source, { ...options, parts })
  expect(first.coverage.servers.map(({ subject }) => subject.name)).toEqual(['one', 'two', 'three'])
  expect(read.sort()).toEqual([one, two, three].map(digestOf).sort())
  expect(await buildReport(source, { ...options, parts })).toEqual(first)
  expect(read).toHaveLength(3)

  const changed = declared('two', true)
  await round('1', [one, changed], 'asked, and nothing came')
  const second = await buildReport(source, { ...options, parts })
  expect(second).toEqual(await buildReport(store, options))
  expect(second.coverage.servers.map(({ subject, disabled }) => [subject.name, disabled])).toEqual([
    ['one', false],
    ['two', true],
  ])
  expect(second.unknowns.map(({ reason }) => reason)).toEqual(['asked, and nothing came'])
  expect(read.slice(3)).toEqual([digestOf(changed)])
})

test('what is counted and what is looked at alone agree with the whole report', async () => {
  await round('0', [declared('one'), declared('two')], 'the registry was not asked')
  await store.findings.appendMany([
    findingOf({ fingerprint: 'a', to: '2.0.1' }),
    findingOf({ fingerprint: 'b', to: '2.0.1', severity: 'critical' }),
    findingOf({ fingerprint: 'c' }),
    findingOf({ fingerprint: 'd', severity: 'low' }),
    { ...findingOf({ fingerprint: 'e', severity: 'critical' }), state: 'resolved' },
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
  const whole = await buildReport(store, options)
  const counted = await buildFigures(store, options)
  expect(counted.totals).toEqual(whole.totals)
  expect(counted.totals).toMatchObject({ findings: 3, accepted: 1, unknown: 1 })
  expect(Object.entries(counted.items)).toEqual(
    (['critical', 'high', 'medium', 'low'] as const).map((severity) => [severity, countOf(whole, severity)]),
  )
  expect(counted.coverage).toEqual(whole.coverage)
  expect((await buildCoverage(store, options)).coverage).toEqual(whole.coverage)
  const brief = await buildReport(store, { ...options, brief: true })
  expect({ ...brief, verdicts: whole.verdicts, ledgerIndexes: whole.ledgerIndexes }).toEqual(whole)
  expect(brief.verdicts).toEqual([])
})

function countOf({ items }: ReportModel, severity: string): number {
  return items.filter((item) => item.severity === severity).length
}

import { canonicalJson } from '@upkeep/domain/canonical-json'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { sampleFinding, sampleRun } from '@upkeep/lab/postgres/sample-records'
import { tamper } from '@upkeep/lab/postgres/tamper'
import { expect, test } from 'vitest'

onBothDatabases('record tables', (bench) => {
  test('a run comes back as it was appended, and its body is its canonical form', async () => {
    const store = await bench.open()
    const run = sampleRun({ id: 'run-1', params: { z: 1, a: ['ü', '\u0000', '😀'] } })
    await store.runs.append(run)
    expect(await store.runs.get('run-1')).toEqual(run)
    expect(await store.records.get('run', 'run-1')).toBe(canonicalJson(run))
    expect(await store.records.get('finding', 'run-1')).toBeNull()
    expect(await store.runs.get('run-2')).toBeNull()
  })

  test('runs are listed newest appended first, by duty, in pages', async () => {
    const store = await bench.open()
    const duties = ['a', 'b', 'a', 'a', 'b']
    await store.runs.appendMany(duties.map((duty, index) => sampleRun({ id: `run-${index}`, duty })))
    const ids = async (options?: { duty?: string; limit?: number; offset?: number }) =>
      (await store.runs.list(options)).map((run) => run.id)
    expect(await ids()).toEqual(['run-4', 'run-3', 'run-2', 'run-1', 'run-0'])
    expect(await ids({ duty: 'a' })).toEqual(['run-3', 'run-2', 'run-0'])
    expect(await ids({ limit: 2, offset: 1 })).toEqual(['run-3', 'run-2'])
    expect(await store.records.ids('run')).toEqual(['run-0', 'run-1', 'run-2', 'run-3', 'run-4'])
  })

  test('only a completed run is the latest completed one, and a bound leaves later ones out', async () => {
    const store = await bench.open()
    await store.runs.append(sampleRun({ id: 'early', startedAt: '2026-11-20T10:00:00.000Z' }))
    await store.runs.append(sampleRun({ id: 'future', startedAt: '2099-01-01T00:00:00.000Z' }))
    await store.runs.append(sampleRun({ id: 'late', startedAt: '2026-11-21T10:00:00.000Z' }))
    await store.runs.append(sampleRun({ id: 'failed', outcome: 'failed' }))
    await store.runs.append(sampleRun({ id: 'killed', outcome: 'interrupted' }))
    await store.runs.append(sampleRun({ id: 'missed', outcome: 'missed', missedPeriods: 2 }))
    expect((await store.runs.latestCompleted('health-checks'))?.id).toBe('late')
    expect((await store.runs.latestCompleted('health-checks', '2026-11-22T00:00:00.000Z'))?.id).toBe('late')
    expect((await store.runs.latestCompleted('health-checks', '2026-11-20T12:00:00.000Z'))?.id).toBe('early')
    expect((await store.runs.latestCompleted('health-checks', '2099-12-31T00:00:00.000Z'))?.id).toBe('future')
    expect(await store.runs.latestCompleted('other')).toBeNull()
    expect((await store.runs.latestMissed('health-checks'))?.id).toBe('missed')
    expect((await store.runs.latestMissed('health-checks', 'killed'))?.id).toBe('missed')
    expect(await store.runs.latestMissed('health-checks', 'missed')).toBeNull()
    expect((await store.runs.firstCompletedAfter('health-checks', '2026-11-20T10:00:00.000Z'))?.id).toBe('late')
    expect((await store.runs.firstCompletedAfter('health-checks', '2026-11-21T10:00:00.000Z'))?.id).toBe('future')
    expect(await store.runs.firstCompletedAfter('health-checks', '2099-01-01T00:00:00.000Z')).toBeNull()
  })

  test('the current findings are the newest record of each fingerprint', async () => {
    const store = await bench.open()
    await store.findings.append(sampleFinding('f1', 'fp-a'))
    await store.findings.append(sampleFinding('f2', 'fp-b'))
    await store.findings.append(sampleFinding('f3', 'fp-a', 'resolved'))
    expect((await store.findings.current()).map((finding) => finding.id)).toEqual(['f2', 'f3'])
    expect((await store.findings.history('fp-a')).map((finding) => finding.state)).toEqual(['open', 'resolved'])
    expect(await store.findings.history('fp-c')).toEqual([])
    expect(await store.findings.cameBack()).toEqual([])
    await store.findings.append(sampleFinding('f4', 'fp-a', 'reopened'))
    expect(await store.findings.cameBack()).toMatchObject([
      { fingerprint: 'fp-a', state: 'open', at: expect.stringMatching(/^\d{4}-.*Z$/) },
      { fingerprint: 'fp-a', state: 'resolved' },
      { fingerprint: 'fp-a', state: 'reopened' },
    ])
  })

  test('an id cannot be appended twice', async () => {
    const store = await bench.open()
    await store.runs.append(sampleRun({ id: 'run-1' }))
    await expect(store.runs.append(sampleRun({ id: 'run-1', detail: 'again' }))).rejects.toThrow()
    expect((await store.runs.get('run-1'))?.detail).toBe('')
  })

  test('texts that no index can hold are stored and found', async () => {
    const store = await bench.open()
    const huge = 'x'.repeat(1_000_000)
    await store.findings.append(sampleFinding('f1', 'with\u0000nul'))
    await store.findings.append(sampleFinding('f2', huge))
    expect((await store.findings.history('with\u0000nul')).map((finding) => finding.id)).toEqual(['f1'])
    expect((await store.findings.history(huge)).map((finding) => finding.id)).toEqual(['f2'])
    expect(await store.records.columnMismatches()).toEqual([])
  })

  test('a column that was altered behind the store is named, and so is a body', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    await store.runs.appendMany([sampleRun({ id: 'run-1' }), sampleRun({ id: 'run-2' }), sampleRun({ id: 'run-3' })])
    expect(await store.records.columnMismatches()).toEqual([])
    await tamper(place, "update runs set outcome = 'failed' where id = 'run-2'")
    await tamper(place, "update runs set body = '{' where id = 'run-3'")
    expect(await store.records.columnMismatches()).toEqual([
      { type: 'run', id: 'run-2', column: 'outcome' },
      { type: 'run', id: 'run-3', column: 'body' },
    ])
    await expect(store.runs.get('run-3')).rejects.toMatchObject({ code: 'evidence-invalid' })
  })

  test('acceptances, baselines, attestations and keys are listed oldest first', async () => {
    const store = await bench.open()
    const at = '2026-11-22T09:30:00.000Z'
    const signer = { person: 'ana', presence: 'not-proven', signature: null } as const
    const accept = { at, fingerprint: 'fp', reason: 'known', until: at, withdraws: null, signer }
    await store.acceptances.appendMany([
      { id: 'a2', ...accept },
      { id: 'a1', ...accept },
    ])
    await store.baselines.append({ id: 'b1', at, reason: 'first', servers: [], signer })
    const role = 'viewer' as const
    const attestation = { statement: 's', scope: 'x', evidence: [], limits: '', person: 'ana', role }
    await store.attestations.append({ id: 't1', ...attestation, at, validUntil: at, revokes: null, signer })
    await store.keys.append({ id: 'k1', at, publicKey: 'abc' })
    expect((await store.acceptances.list()).map((item) => item.id)).toEqual(['a2', 'a1'])
    expect((await store.baselines.list()).map((item) => item.reason)).toEqual(['first'])
    expect((await store.attestations.get('t1'))?.person).toBe('ana')
    expect(await store.keys.list()).toEqual([{ id: 'k1', at, publicKey: 'abc' }])
    expect(await store.records.columnMismatches()).toEqual([])
  })
})

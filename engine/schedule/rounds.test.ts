import type { Run } from '@upkeep/contract/run'
import { runChild } from '@upkeep/lab/postgres/child-process'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { sampleRun } from '@upkeep/lab/postgres/sample-records'
import { expect, test } from 'vitest'
import { simulatedClock } from '../kernel/clock.ts'
import { newId } from '../kernel/ids.ts'
import type { Store } from '../store/store.ts'
import type { ScheduledDuty } from './due.ts'
import { planRound } from './plan-round.ts'
import { recoverRounds } from './recover-rounds.ts'
import { missedRun } from './uncounted-runs.ts'

const duty: ScheduledDuty = { id: 'health-checks', version: 1, cadence: 'daily' }
const at = '2026-11-22T10:00:00.000Z'
const recovery = {
  at,
  newId: () => newId(at),
  record: (tx: Store, runs: readonly Run[]) => tx.runs.appendMany(runs),
}

/** What the pipeline does with a plan, as far as the schedule is concerned. Returns the reasons of the runs it made. */
async function round(store: Store, now: string, outcome: Run['outcome'] = 'completed'): Promise<string[]> {
  const reasons: string[] = []
  for (const { plan } of await planRound(store, [duty], now)) {
    if (!plan.due) continue
    const { missed, note } = plan
    const about = { round: 'r', duty, note, clock: 'simulated', practice: false } as const
    await store.transaction(async (tx) => {
      if (missed) await tx.runs.append(missedRun({ ...about, missed, id: newId(now) }))
      await tx.runs.append(sampleRun({ id: newId(now), startedAt: now, endedAt: now, outcome, reason: plan.reason }))
    })
    reasons.push(plan.reason)
  }
  return reasons
}

async function missedOnRecord(store: Store): Promise<number[]> {
  const runs = await store.runs.list({ duty: duty.id })
  return runs.filter((run) => run.outcome === 'missed').map((run) => run.missedPeriods)
}

onBothDatabases('rounds', (bench) => {
  test('after a sleep of many periods there is one record of them and one run, never a burst', async () => {
    const store = await bench.open()
    const clock = simulatedClock('2026-11-01T08:00:00.000Z')
    expect(await round(store, clock.now())).toEqual(['due'])
    expect(await round(store, clock.now())).toEqual([])
    clock.advance(20 * 86_400)
    expect(await round(store, clock.now())).toEqual(['catch-up'])
    expect(await round(store, clock.now())).toEqual([])
    expect(await missedOnRecord(store)).toEqual([19])
  })

  test('a catch-up run that fails does not put the same periods on record again', async () => {
    const store = await bench.open()
    await round(store, '2026-11-01T08:00:00.000Z')
    expect(await round(store, '2026-11-05T08:00:00.000Z', 'failed')).toEqual(['catch-up'])
    expect(await round(store, '2026-11-05T09:00:00.000Z', 'failed')).toEqual(['catch-up'])
    expect(await missedOnRecord(store)).toEqual([3])
    expect(await round(store, '2026-11-07T09:00:00.000Z')).toEqual(['catch-up'])
    expect(await missedOnRecord(store)).toEqual([2, 3])
  })

  test('a clock that was far ahead for one round and was put right loses no period and doubles none', async () => {
    const store = await bench.open()
    await round(store, '2026-11-20T08:00:00.000Z')
    await round(store, '2099-01-01T00:00:00.000Z')
    expect(await round(store, '2026-11-21T08:00:00.000Z')).toEqual(['due'])
    expect(await round(store, '2026-11-21T09:00:00.000Z')).toEqual([])
    expect(await round(store, '2026-11-24T09:00:00.000Z')).toEqual(['catch-up'])
    expect((await missedOnRecord(store)).at(0)).toBe(2)
    const [plan] = await planRound(store, [duty], '2026-11-24T10:00:00.000Z')
    expect(plan?.plan.note).toContain('the clock went back')
  })

  test('a round whose process was killed leaves interrupted runs, which count for nothing', async () => {
    const place = await bench.newPlace()
    const child = runChild(place, beginsAndWaits)
    await child.sees('begun')
    child.process.kill('SIGKILL')
    await child.ended()
    const store = await bench.open(place)
    expect((await store.rounds.running()).map((left) => left.id)).toEqual(['round-1'])
    expect((await recoverRounds(store, recovery)).map((left) => left.pid)).toEqual([child.process.pid])
    const runs = await store.runs.list()
    expect(runs.map((run) => [run.duty, run.outcome, run.round])).toEqual([
      ['vulnerability-scanning', 'interrupted', 'round-1'],
      ['health-checks', 'interrupted', 'round-1'],
    ])
    expect(runs[0]?.detail).toContain(`process ${child.process.pid} on laptop`)
    expect(await store.rounds.running()).toEqual([])
    expect(await store.rounds.get('round-1')).toMatchObject({ state: 'abandoned', endedAt: at })
    expect(await recoverRounds(store, recovery)).toEqual([])
    const [plan] = await planRound(store, [duty], at)
    expect(plan?.plan).toMatchObject({ due: true, reason: 'due' })
  })

  test('recovery that cannot record the runs leaves the round to be recovered again', async () => {
    const store = await bench.open()
    await store.rounds.begin({ id: 'r', at, host: 'h', pid: 1, practice: false, clock: 'system', duties: [planned] })
    const failing = recoverRounds(store, { ...recovery, record: () => Promise.reject(new Error('no')) })
    await expect(failing).rejects.toThrow('no')
    expect(await store.rounds.running()).toHaveLength(1)
    expect(await store.runs.list()).toEqual([])
  })

  test('a finished round is not recovered', async () => {
    const store = await bench.open()
    await store.rounds.begin({ id: 'r', at, host: 'h', pid: 1, practice: true, clock: 'system', duties: [planned] })
    await store.rounds.finish('r', at)
    expect(await recoverRounds(store, recovery)).toEqual([])
    expect(await store.rounds.get('r')).toMatchObject({ state: 'finished', practice: true, duties: [planned] })
  })
})

const planned = { duty: 'health-checks', dutyVersion: 1, cadence: 'daily', reason: 'due' } as const
const beginsAndWaits = `
  const store = await openStore(place)
  const duties = ['health-checks', 'vulnerability-scanning'].map((duty) => ({ duty, dutyVersion: 1, cadence: 'daily', reason: 'due' }))
  const at = '2026-11-22T09:30:00.000Z'
  await store.rounds.begin({ id: 'round-1', at, host: 'laptop', pid: process.pid, practice: false, clock: 'system', duties })
  console.log('begun')
  setInterval(() => {}, 1000)
`

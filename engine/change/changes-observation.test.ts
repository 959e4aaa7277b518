import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { observationKinds } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { defaultPolicies } from '@upkeep/domain/changes/policy-for'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assertSealed } from '../evidence/assert-sealed.ts'
import { systemClock } from '../kernel/clock.ts'
import { changesObservation } from './changes-observation.ts'
import { makeChange, takeBack } from './drive-change.ts'
import { keptBytesIn } from './kept-bytes.ts'
import { recordStep } from './record-step.ts'
import { approvedBy, enrol, hasKeygen, justify, keyOf, keyringOf, never } from './testing/made-keys.ts'
import { ada, alone, approve, type MadeWorld, makeWorld, propose } from './testing/made-world.ts'

const team = [
  { id: 'ada', name: 'Ada', roles: ['operator' as const] },
  { id: 'bob', name: 'Bob', roles: ['approver' as const] },
]

let made: MadeWorld
beforeEach(async () => {
  made = await makeWorld(['one.json', 'two.json'])
  made.write('one.json', '"server@1.0.0"')
  made.write('two.json', '"server@1.0.0"')
})
afterEach(() => made.drop())

async function seen(people = team) {
  const observation = await changesObservation(made.store, {
    people,
    policies: async () => [defaultPolicies],
    at: systemClock.now(),
    kept: keptBytesIn(join(made.root, 'state')),
    assertSealed: (type, records) => assertSealed(made.store, keyringOf(made), type, records),
  })
  if (observation.state === 'seen') observationKinds.changes.facts.parse(observation.facts)
  return observation
}

async function only(): Promise<SeenChange> {
  const observation = await seen()
  if (observation.state !== 'seen') throw new Error(observation.reason)
  const [change] = observation.facts.changes
  if (change === undefined) throw new Error('no change')
  return change
}

test('where nothing was ever changed, that is what is seen', async () => {
  expect(await seen([])).toMatchObject({ state: 'seen', facts: { changes: [], alone: true, leftOut: [] } })
})

test('a change is told as its steps say: asked, made, taken back, each with its time', async () => {
  const state = await propose(made, ['one.json', 'two.json'])
  expect(await only()).toMatchObject({
    id: state.id,
    class: 'normal',
    phase: 'proposed',
    outcome: null,
    requester: 'ada',
    kinds: ['set-server-version'],
    asked: { policy: 'low risk, can be undone', approvals: 1, presence: false },
    approvals: [],
    tests: { passed: 0, failed: [], notRun: [] },
    rehearsed: null,
    risk: 'low',
    hasSheet: false,
    effects: 2,
    paths: [made.path('one.json'), made.path('two.json')],
    applyingAt: null,
    appliedAt: null,
    undoable: true,
  })
  const done = await makeChange(made.world, await approve(made, state), alone)
  expect(await only()).toMatchObject({
    phase: 'closed',
    outcome: 'done',
    approvals: [{ person: 'ada', holds: ['operator'], signature: 'none', ofThisPlan: true, endedAt: null }],
    appliedAt: done.appliedAt,
    closedAt: done.lastAt,
    undoingAt: null,
  })
  await takeBack(made.world, done, { why: 'a test', signer: ada }, alone)
  const back = await only()
  expect(back).toMatchObject({ outcome: 'rolled-back', left: [], appliedAt: done.appliedAt })
  expect(back.undoingAt).not.toBeNull()
})

test('which tests failed, were not run, and whether the way back was walked', async () => {
  await made.drop()
  made = await makeWorld(['one.json'], {
    assess: async () => ({ risk: 'high', why: [], sheet: 'a'.repeat(64) }),
    test: async () => [
      { name: 'rollback rehearsed', outcome: 'passed', detail: '' },
      { name: 'starts', outcome: 'failed', detail: 'it did not answer' },
      { name: 'replay', outcome: 'not-run', detail: 'nothing was recorded' },
    ],
  })
  made.write('one.json', '"server@1.0.0"')
  await propose(made, ['one.json'])
  expect(await only()).toMatchObject({
    tests: { passed: 1, failed: ['starts'], notRun: ['replay'] },
    rehearsed: 'passed',
    risk: 'high',
    hasSheet: true,
    asked: { policy: 'high risk', approvals: 2, presence: true },
  })
})

test('a word that was taken back or replaced stays told, with its end', async () => {
  let state = await approve(made, await propose(made, ['one.json']))
  state = await approve(made, state)
  await recordStep(made.world, state, { is: 'approval-withdrawn', person: 'ada', signer: ada })
  const { approvals } = await only()
  expect(approvals.map(({ endedAt }) => endedAt === null)).toEqual([false, false])
})

test('a step that somebody altered: nothing is told, and why', async () => {
  await approve(made, await propose(made, ['one.json']))
  const db = new DatabaseSync(join(made.root, 'state', 'state.db'))
  db.exec(`update change_steps set body = replace(body, '"low"', '"high"') where step = 'assessed'`)
  db.close()
  expect(await seen()).toMatchObject({
    state: 'unavailable',
    reason: expect.stringContaining('not those that were sealed'),
  })
})

test.skipIf(!hasKeygen)(
  'a signature holds by the key that was in force when it was given, and by no other',
  async () => {
    const old = keyOf(made, 'old')
    const record = await enrol(made, 'k1', '2020-01-01T00:00:00.000Z', old)
    const state = await approvedBy(made, await propose(made, ['one.json']), old)
    expect(await only()).toMatchObject({ approvals: [{ person: 'bob', holds: ['approver'], signature: 'holds' }] })
    await enrol(made, 'k2', never, keyOf(made, 'new'), { key: old, record })
    expect((await only()).approvals[0]?.signature).toBe('holds')
    await approvedBy(made, state, keyOf(made, 'stray'))
    expect((await only()).approvals.map(({ signature }) => signature)).toEqual(['holds', 'does-not-hold'])
  },
)

test('why it was made, as somebody said since', async () => {
  const state = await propose(made, ['one.json'])
  await justify(made, `change:${state.id}`, 'The vendor ends support in May')
  await justify(made, 'change:another', 'of another change')
  expect((await only()).justifications.map(({ reason }) => reason)).toEqual(['The vendor ends support in May'])
})

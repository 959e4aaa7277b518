import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Finding } from '@upkeep/contract'
import { ImpactSheet } from '@upkeep/contract/impact-sheet'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { drawSheet } from '@upkeep/domain/changes/impact/draw-sheet'
import { defaultPolicies } from '@upkeep/domain/changes/policy-for'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assertSealed } from '../evidence/assert-sealed.ts'
import { seal } from '../evidence/seal.ts'
import { systemClock } from '../kernel/clock.ts'
import { changesObservation } from './changes-observation.ts'
import { makeChange, takeBack } from './drive-change.ts'
import { keptBytesIn } from './kept-bytes.ts'
import { planChange, proposeChange } from './propose-change.ts'
import { keyringOf } from './testing/made-keys.ts'
import { ada, alone, approve, type MadeWorld, makeWorld, propose } from './testing/made-world.ts'

let made: MadeWorld
beforeEach(async () => {
  made = await makeWorld(['one.json', 'two.json'])
  made.write('one.json', '"server@1.0.0"')
  made.write('two.json', '"server@1.0.0"')
})
afterEach(() => made.drop())

async function seen() {
  const observation = await changesObservation(made.store, {
    people: [],
    policies: async () => [defaultPolicies],
    at: systemClock.now(),
    kept: keptBytesIn(join(made.root, 'state')),
    assertSealed: (type, records) => assertSealed(made.store, keyringOf(made), type, records),
  })
  if (observation.state !== 'seen') throw new Error(observation.reason)
  return observation.facts
}

async function only(): Promise<SeenChange> {
  const [change] = (await seen()).changes
  if (change === undefined) throw new Error('no change')
  return change
}

test('the bytes to put back are read again: there, altered, gone', async () => {
  const state = await approve(made, await propose(made, ['one.json', 'two.json']))
  expect(await only()).not.toHaveProperty('kept')
  await makeChange(made.world, state, alone)
  expect(await only()).toMatchObject({ kept: 'readable' })
  const file = join(made.root, 'state', 'undo', state.id, '1-before')
  writeFileSync(file, 'not what was kept')
  expect(await only()).toMatchObject({ kept: 'lost' })
  rmSync(file)
  expect(await only()).toMatchObject({ kept: 'lost' })
})

test('what was taken back has nothing to put back', async () => {
  const done = await makeChange(made.world, await approve(made, await propose(made, ['one.json'])), alone)
  await takeBack(made.world, done, { why: 'a test', signer: ada }, alone)
  expect(await only()).toMatchObject({ outcome: 'rolled-back' })
  expect(await only()).not.toHaveProperty('kept')
})

test('without the key that they were sealed with they are lost', async () => {
  await makeChange(made.world, await approve(made, await propose(made, ['one.json'])), alone)
  rmSync(join(made.root, 'state', 'keys', 'undo.key'))
  expect(await only()).toMatchObject({ kept: 'lost' })
})

async function withSheet(): Promise<string> {
  await made.drop()
  let digest = ''
  made = await makeWorld(['one.json'], {
    assess: async ({ plan, digest: of }) => {
      const sheet = drawSheet({ plan, digest: of, was: [], is: [], advised: () => [], unknown: ['what nobody saw'] })
      digest = await made.store.objects.put(canonicalJson(ImpactSheet.parse(sheet)))
      return { risk: 'low', why: [], sheet: digest }
    },
    test: async () => [{ name: 'rollback rehearsed', outcome: 'passed', detail: '' }],
  })
  made.write('one.json', '"server@1.0.0"')
  await propose(made, ['one.json'])
  return digest
}

test('the sheet is told with its plan, its tests, and what it says it does not know', async () => {
  await withSheet()
  const change = await only()
  expect(change).toMatchObject({
    sheet: {
      state: 'kept',
      plan: change.digest,
      risk: 'low',
      tests: ['rollback rehearsed'],
      unknown: ['what nobody saw'],
      saysUnknown: true,
      texts: 0,
    },
    testsPassed: ['rollback rehearsed'],
  })
  expect(change.assessedAt).not.toBeNull()
})

test.each([
  ['altered', 'update objects set body = zeroblob(length(body)) where digest = ?', 'not what was sealed'],
  ['taken out', 'delete from objects where digest = ?', 'it is not in the store'],
])('a sheet that somebody has %s is lost', async (_, statement, why) => {
  const digest = await withSheet()
  const db = new DatabaseSync(join(made.root, 'state', 'state.db'))
  db.prepare(statement).run(digest)
  db.close()
  expect(await only()).toMatchObject({ sheet: { state: 'lost', why: expect.stringContaining(why) } })
})

function vulnerable(over: Partial<Finding> = {}): Finding {
  const at = '2026-11-01T09:00:00.000Z'
  return {
    id: 'f-1',
    at,
    run: 'r-1',
    state: 'open',
    firstSeenAt: at,
    statement: {
      fingerprint: 'f1',
      duty: 'security-patch-assessment',
      rule: 'patch-available',
      ruleVersion: 1,
      subject: { kind: 'server', id: 'server:cursor:/f#fs', name: 'fs' },
      severity: 'high',
      title: 'Patch available',
      summary: '',
      action: '',
      facts: { package: 'server', version: '1.0.0' },
      proposals: [],
      due: { at: '2026-11-15T09:00:00.000Z', why: 'a row', table: { id: 't', version: 1, row: 1 } },
    },
    ...over,
  }
}

async function keep(finding: Finding): Promise<void> {
  await made.store.transaction(async (tx) => {
    await tx.findings.append(finding)
    await seal(tx, keyringOf(made), [{ type: 'finding', record: finding }], finding.at)
  })
}

test('a patch is told with its day, the change that should close it, and whether it is closed', async () => {
  await keep(vulnerable())
  expect((await seen()).patches).toMatchObject([
    { server: 'fs', package: 'server', due: '2026-11-15T09:00:00.000Z', state: 'open', changes: [], obtainable: true },
  ])
  const inputs = [
    {
      kind: 'set-server-version' as const,
      path: made.path('one.json'),
      server: 'fs',
      package: 'server',
      from: '1.0.0',
      to: '2.0.0',
    },
  ]
  const plan = await planChange(made.world, { inputs, title: 'patch fs', class: 'normal', closes: ['f1', 'f2'] })
  if (plan === null) throw new Error('nothing to change')
  const { id } = await proposeChange(made.world, plan, { requester: ada, reason: null })
  expect(await only()).toMatchObject({ closing: { open: 1, notKnown: 1, resolved: 0, accepted: 0 } })
  expect((await seen()).patches).toMatchObject([{ changes: [id] }])
  await keep(vulnerable({ id: 'f-2', at: '2026-11-20T09:00:00.000Z', state: 'resolved' }))
  expect(await only()).toMatchObject({ closing: { open: 0, notKnown: 1, resolved: 1 } })
  expect((await seen()).patches).toMatchObject([{ state: 'resolved', closedAt: '2026-11-20T09:00:00.000Z' }])
})

test('an acceptance counts until its day, and none that somebody wrote into the store', async () => {
  await keep(vulnerable())
  const acceptance = {
    id: 'a1',
    at: '2026-11-02T09:00:00.000Z',
    fingerprint: 'f1',
    reason: 'nobody else can reach it',
    until: '2999-01-01T00:00:00.000Z',
    withdraws: null,
    signer: ada,
  }
  await made.store.transaction(async (tx) => {
    await tx.acceptances.append(acceptance)
    await seal(tx, keyringOf(made), [{ type: 'acceptance', record: acceptance }], acceptance.at)
  })
  expect((await seen()).patches).toMatchObject([{ acceptedUntil: acceptance.until }])
  await made.store.acceptances.append({ ...acceptance, id: 'a2' })
  await expect(seen()).rejects.toThrow('not those that were sealed')
})

import { type Observation, serverSubject } from '@upkeep/contract'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { canonicalJson, digestOf } from '@upkeep/domain/canonical-json'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { sampleRun } from '@upkeep/lab/postgres/sample-records'
import { expect, test } from 'vitest'
import type { Store } from '../store/store.ts'
import { credentialHistory } from './credential-history.ts'

const subject = serverSubject('cursor', '/f', 'one')
type Seen = Observation<'declared-server'>

/** The entry with these values in its variables, by their keyed hashes. */
function entry(...fingerprints: string[]): Seen {
  const hidden = fingerprints.map((fingerprint) => ({ kind: 'hidden' as const, secret: 'x', length: 9, fingerprint }))
  const facts: DeclaredServer = {
    ...plainServer,
    client: 'cursor',
    path: '/f',
    name: 'one',
    env: Object.fromEntries(hidden.map((value, index) => [`V${index}`, value])),
  }
  return { kind: 'declared-server', subject, state: 'seen', facts }
}

const gone: Seen = { kind: 'declared-server', subject, state: 'absent', reason: 'gone' }
const unread: Seen = { kind: 'declared-server', subject, state: 'unavailable', code: 'malformed', reason: 'line 1' }

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T09:00:00.000Z`

/** Keeps a run of that day that saw this. */
async function keep(store: Store, number: number, seen: Seen, duty = 'health-checks'): Promise<void> {
  await store.objects.put(canonicalJson(seen))
  const manifest = [{ kind: 'declared-server', subject, observation: digestOf(seen) }]
  const observations = await store.objects.put(canonicalJson(manifest))
  await store.runs.append(sampleRun({ id: `${duty}-${number}`, duty, startedAt: day(number), observations }))
}

const now = day(30)
async function credentialsOf(store: Store, ...fingerprints: string[]) {
  const [said] = await credentialHistory(store, [entry(...fingerprints)], now)
  if (said?.state !== 'seen') throw new Error('nothing was said')
  return said.facts
}

onBothDatabases('credential history', (bench) => {
  test('without earlier runs everything is seen now for the first time', async () => {
    const store = await bench.open()
    const credentials = [{ fingerprint: 'a', firstSeenAt: now, beganWithinHistory: false }]
    expect(await credentialsOf(store, 'a')).toEqual({ since: null, credentials })
  })

  test('a value is the same since the first look of its unbroken row, whatever else changed', async () => {
    const store = await bench.open()
    await keep(store, 1, entry('a'))
    await keep(store, 5, entry('a', 'b'))
    await keep(store, 5, entry('a', 'b'), 'vulnerability-scanning')
    await keep(store, 9, entry('b', 'a'))
    expect(await credentialsOf(store, 'a', 'b', 'c')).toEqual({
      since: day(1),
      credentials: [
        { fingerprint: 'a', firstSeenAt: day(1), beganWithinHistory: false },
        { fingerprint: 'b', firstSeenAt: day(5), beganWithinHistory: true },
        { fingerprint: 'c', firstSeenAt: now, beganWithinHistory: true },
      ],
    })
  })

  test('a value that was away and came back is as old as its coming back', async () => {
    const store = await bench.open()
    await keep(store, 1, entry('a'))
    await keep(store, 5, entry('b'))
    await keep(store, 9, entry('a'))
    expect((await credentialsOf(store, 'a')).credentials).toMatchObject([
      { firstSeenAt: day(9), beganWithinHistory: true },
    ])
  })

  test('a day on which it could not be read breaks no row; a day on which it was gone does', async () => {
    const store = await bench.open()
    await keep(store, 1, entry('a'))
    await keep(store, 5, unread)
    expect((await credentialsOf(store, 'a')).credentials).toMatchObject([{ firstSeenAt: day(1) }])
    await keep(store, 7, gone)
    await keep(store, 9, entry('a'))
    expect((await credentialsOf(store, 'a')).credentials).toMatchObject([{ firstSeenAt: day(9) }])
  })

  test('runs that were not completed, and entries that cannot be read now, say nothing', async () => {
    const store = await bench.open()
    const observations = await store.objects.put(canonicalJson([]))
    await store.runs.append(sampleRun({ id: 'killed', outcome: 'interrupted', startedAt: day(1), observations }))
    expect((await credentialsOf(store, 'a')).since).toBeNull()
    expect(await credentialHistory(store, [unread], now)).toEqual([])
  })
})

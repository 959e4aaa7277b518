import type { Observation } from '@upkeep/contract'
import { fileSubject, serverSubject } from '@upkeep/contract/subject'
import { copyOf, npx, resolved } from '@upkeep/domain/advisories/testing/given'
import { canonicalJson, digestOf } from '@upkeep/domain/canonical-json'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { sampleRun } from '@upkeep/lab/postgres/sample-records'
import { expect, test } from 'vitest'
import type { Store } from '../store/store.ts'
import { openFleetHistory } from './fleet-history.ts'

const path = '/home/ada/config.json'
const mail = serverSubject('claude-desktop', path, 'mail')
const config: Observation = {
  kind: 'client-config',
  subject: fileSubject(path),
  state: 'seen',
  facts: { client: 'claude-desktop', scope: 'user', path, format: 'json', bytes: 2, servers: [], problems: [] },
}
const token = { kind: 'hidden', secret: 'postmark-token', length: 36, fingerprint: 'f' } as const
const withMail: Observation[] = [
  config,
  { kind: 'declared-server', subject: mail, ...npx('postmark-mcp', null, { name: 'mail', env: { TOKEN: token } }) },
  { kind: 'resolved-package', subject: mail, ...resolved('postmark-mcp', [copyOf('postmark-mcp@1.0.16')]) },
]
const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T09:00:00.000Z`

/** Keeps a run of that day that saw this. */
async function keep(store: Store, number: number, seen: readonly Observation[], duty = 'health-checks'): Promise<void> {
  await store.objects.putMany(seen.map((one) => canonicalJson(one)))
  const manifest = seen.map((one) => ({ kind: one.kind, subject: one.subject, observation: digestOf(one) }))
  const observations = await store.objects.put(canonicalJson(manifest))
  await store.runs.append(sampleRun({ id: `${duty}-${number}`, duty, startedAt: day(number), observations }))
}

/** A round of that day as the pipeline makes one: its history is kept with what it saw. */
async function round(store: Store, number: number, seen: readonly Observation[]): Promise<Observation> {
  const history = (await openFleetHistory(store)).with(seen, day(number))
  await keep(store, number, [...seen, history], 'threat-intelligence-updates')
  return history
}

function windowOf(history: Observation, version: string) {
  if (history.kind !== 'fleet-history' || history.state !== 'seen') throw new Error('nothing was said')
  return history.facts.packages.find((one) => one.name === 'postmark-mcp' && one.version === version)?.sights
}

onBothDatabases('fleet history', (bench) => {
  test('runs that were kept before there was a history are read back', async () => {
    const store = await bench.open()
    await keep(store, 1, withMail)
    await keep(store, 1, withMail, 'configuration-drift-detection')
    await keep(store, 3, withMail)
    await keep(store, 5, [config])
    const history = await round(store, 22, [config])
    expect(windowOf(history, '1.0.16')).toEqual([
      {
        server: mail,
        firstSeenAt: day(1),
        lastSeenAt: day(3),
        goneBy: day(5),
        credentials: [{ where: 'env TOKEN', kind: 'postmark-token' }],
      },
    ])
  })

  test('a store that another call wraps is read back once', async () => {
    const store = await bench.open()
    await keep(store, 1, withMail)
    await openFleetHistory(store)
    let reads = 0
    const counted: Store['objects']['get'] = (digest) => {
      reads += 1
      return store.objects.get(digest)
    }
    const objects = { ...store.objects, get: counted }
    await openFleetHistory({ ...store, objects })
    expect(reads).toBe(0)
    await keep(store, 2, withMail)
    await openFleetHistory({ ...store, objects })
    expect(reads).toBeGreaterThan(0)
  })

  test('the names that were had are known before anything is looked up', async () => {
    const store = await bench.open()
    await keep(store, 1, withMail)
    await keep(store, 2, [config])
    const { before } = await openFleetHistory(store)
    expect(windowOf(before, '1.0.16')).toMatchObject([{ firstSeenAt: day(1), lastSeenAt: day(1) }])
  })

  test('a kept history is gone on from, with the looks since', async () => {
    const store = await bench.open()
    await round(store, 1, withMail)
    await keep(store, 2, withMail)
    await keep(store, 3, withMail)
    const history = await round(store, 4, [config])
    expect(windowOf(history, '1.0.16')).toMatchObject([{ firstSeenAt: day(1), lastSeenAt: day(3) }])
  })

  test('thirty unchanged rounds keep one history', async () => {
    const store = await bench.open()
    const digests = new Set<string>()
    for (let number = 1; number <= 30; number += 1) digests.add(digestOf(await round(store, number, withMail)))
    expect(digests.size).toBe(1)
  })

  test('what stands open is known since the day that its earliest finding gives', async () => {
    const store = await bench.open()
    await store.findings.appendMany([
      finding('a', day(9), { package: 'p', ecosystem: 'npm', advisory: 'GHSA-1' }),
      finding('b', day(12), { package: 'p', ecosystem: 'npm', sheet: [{ advisory: 'GHSA-1', knownSince: day(7) }] }),
      finding('c', day(12), { package: 'p', ecosystem: 'npm', sheet: [{ advisory: 'GHSA-2', knownSince: null }] }),
      { ...finding('d', day(2), { package: 'p', ecosystem: 'npm', advisory: 'GHSA-3' }), state: 'resolved' },
      finding('e', day(2), { path: '/x' }),
    ])
    const { before } = await openFleetHistory(store)
    if (before.state !== 'seen') throw new Error('nothing was said')
    expect(before.facts.known).toEqual([
      { server: mail.id, ecosystem: 'npm', package: 'p', advisory: 'GHSA-1', since: day(7) },
    ])
  })
})

function finding(fingerprint: string, firstSeenAt: string, facts: Record<string, unknown>) {
  return {
    id: `finding-${fingerprint}`,
    at: firstSeenAt,
    run: 'run',
    state: 'open' as const,
    firstSeenAt,
    statement: {
      fingerprint,
      duty: 'd',
      rule: 'r',
      ruleVersion: 1,
      subject: mail,
      severity: 'high' as const,
      title: '',
      summary: '',
      action: '',
      facts,
      proposals: [],
    },
  }
}

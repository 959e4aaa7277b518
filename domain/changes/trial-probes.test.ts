import type { Observation } from '@upkeep/contract'
import { ServerProbes } from '@upkeep/contract/observations/server-probes'
import { expect, test } from 'vitest'
import { controlsTried, toCompare } from './trial-probes.ts'

type Outcome = ServerProbes['results'][number]['outcome']
type Proofs = Observation<'server-probes'>

const subject = { kind: 'server' as const, id: 'server:x', name: 'fs' }

function proofs(outcomes: Record<string, Outcome>): Proofs {
  const results = Object.entries(outcomes).map(([control, outcome]) => ({
    probe: `atom-${control}`,
    version: 1,
    title: control,
    tries: { kind: 'control', control },
    outcome,
    detail: 'tried',
    attempts: 1,
    transcript: [],
  }))
  const facts = ServerProbes.parse({
    command: 'a'.repeat(64),
    bytes: 'b'.repeat(64),
    at: '2026-01-01T00:00:00.000Z',
    backend: { id: 'bubblewrap', version: '1', isolates: [] },
    standIns: [],
    results,
  })
  return { kind: 'server-probes', subject, state: 'seen', facts }
}

const notLet: Proofs = {
  kind: 'server-probes',
  subject,
  state: 'unavailable',
  code: 'not-consented',
  reason: 'nobody has let it be run',
}

test.each<[string, Record<string, Outcome>, Proofs | undefined, string, string]>([
  ['all hold', { links: 'held', size: 'held' }, undefined, 'passed', '2 hold'],
  [
    'held before and fails now',
    { links: 'broken', size: 'held' },
    proofs({ links: 'held' }),
    'failed',
    'lost: links (tried); 1 hold',
  ],
  [
    'failed before and fails still',
    { links: 'broken', size: 'held' },
    proofs({ links: 'broken' }),
    'passed',
    'failed before and fail still: links (tried); 1 hold',
  ],
  [
    'held before and shows nothing now',
    { links: 'inconclusive', size: 'held' },
    proofs({ links: 'held' }),
    'not-run',
    'not shown to hold any more: links (tried); 1 hold',
  ],
  [
    'showed nothing before either',
    { links: 'inconclusive', size: 'held' },
    proofs({ links: 'inconclusive' }),
    'passed',
    '1 hold',
  ],
  [
    'works on what the new version adds',
    { fetch: 'broken', size: 'held' },
    proofs({ fetch: 'not-applicable' }),
    'not-run',
    'nothing to attack before, and it works now: fetch (tried); 1 hold',
  ],
  [
    'the old bytes may not be run',
    { links: 'broken', size: 'held' },
    notLet,
    'not-run',
    'whether it worked before is not known (nobody has let it be run): links (tried); 1 hold',
  ],
  [
    'it showed nothing before and works now',
    { links: 'broken', size: 'held' },
    proofs({ links: 'inconclusive' }),
    'not-run',
    'whether it worked before is not known: links (tried); 1 hold',
  ],
  ['nothing to attack', { links: 'not-applicable' }, undefined, 'not-run', 'no attack on a control applies to it'],
])('controls: %s', (_name, is, was, outcome, detail) => {
  expect(controlsTried(proofs(is), was)).toEqual({ outcome, detail })
})

test('new bytes that may not be run: not run, with the reason', () => {
  expect(controlsTried(notLet, undefined)).toEqual({ outcome: 'not-run', detail: 'nobody has let it be run' })
})

test('only what does not hold on the new bytes is tried on the old ones', () => {
  const is = proofs({ links: 'broken', size: 'held', fetch: 'not-applicable', rate: 'inconclusive' })
  expect(toCompare(is)).toEqual(['atom-links', 'atom-rate'])
  expect(toCompare(notLet)).toEqual([])
})

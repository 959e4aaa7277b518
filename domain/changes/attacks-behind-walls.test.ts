import type { Observation } from '@upkeep/contract'
import { expect, test } from 'vitest'
import { attacksBehindWalls, isForWalls } from './attacks-behind-walls.ts'

type Seen = Extract<Observation<'server-probes'>, { state: 'seen' }>
type Result = Seen['facts']['results'][number]

function result(probe: string, control: string, outcome: Result['outcome']): Result {
  return {
    probe,
    version: 1,
    title: probe,
    tries: { kind: 'control', control },
    cites: [],
    outcome,
    detail: '',
    attempts: 1,
    transcript: [],
  }
}

const symlink = (outcome: Result['outcome']): Result => ({
  ...result('symlink', '', outcome),
  tries: { kind: 'weakness', ids: ['CVE-2025-53109'] },
  cites: ['CWE-59 link following'],
})
const remote = (outcome: Result['outcome']): Result => ({
  ...result('remote', '', outcome),
  tries: { kind: 'weakness', ids: ['CVE-2025-6514'] },
  cites: ['CWE-78'],
})

function proofs(...results: Result[]): Seen {
  const head = { command: 'a'.repeat(64), bytes: 'b'.repeat(64), at: '2026-11-27T06:00:00.000Z' }
  const backend = { id: 'bubblewrap', version: '0.8.0', isolates: [] }
  return {
    kind: 'server-probes',
    subject: { kind: 'server', id: 'server:cursor:x#fs', name: 'fs' },
    state: 'seen',
    facts: { ...head, backend, standIns: [], results },
  }
}

const way = (outcome: Result['outcome']) => result('way-up', 'path-root', outcome)

test.each([
  [
    'all that got through are stopped',
    [way('broken'), symlink('broken')],
    [way('held'), symlink('held')],
    'passed',
    /of 2 attacks .* 2 are stopped/,
  ],
  [
    'one still gets out',
    [way('broken'), symlink('broken')],
    [way('held'), symlink('broken')],
    'failed',
    /STILL ESCAPED: symlink/,
  ],
  [
    'it has nothing to work on any more',
    [way('broken')],
    [way('not-applicable')],
    'passed',
    /nothing to work on any more: way-up/,
  ],
  ['it is not shown either way', [way('broken')], [way('inconclusive')], 'not-run', /not shown either way: way-up/],
  ['it was not made again', [way('broken')], [], 'not-run', /not shown either way/],
  [
    'walls are no matter of it',
    [way('broken'), remote('broken')],
    [way('held'), remote('broken')],
    'passed',
    /no help against: remote/,
  ],
  ['nothing got through before', [way('held')], [], 'not-run', /none of 1 attacks/],
  ['nothing could be made', [way('not-applicable')], [], 'not-run', /no attack could be made/],
] as const)('%s', (_, openly, behind, outcome, says) => {
  const [is, detail] = attacksBehindWalls(proofs(...openly), proofs(...behind))
  expect({ is, detail }).toEqual({ is: outcome, detail: expect.stringMatching(says) })
})

test('what was not attacked is not green', () => {
  expect(attacksBehindWalls(undefined, undefined)[0]).toBe('not-run')
  expect(attacksBehindWalls(proofs(way('broken')), undefined)[0]).toBe('not-run')
})

test('only attacks on files and network, and known weaknesses, are made for walls', () => {
  expect([way('held'), symlink('held'), result('rate', 'rate', 'held')].map(isForWalls)).toEqual([true, true, false])
})

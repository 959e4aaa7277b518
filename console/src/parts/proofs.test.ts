import { expect, test } from 'vitest'
import { proofRecords, proofsIn, restsOn } from './proofs'

const result = (probe: string, outcome: string, more: object = {}) => ({
  ...{ probe, version: 1, title: `title of ${probe}`, outcome, detail: `what came of ${probe}`, attempts: 2 },
  transcript: [{ sent: 'GET /', received: 'HTTP 200' }],
  ...more,
})
const stored = (kind: string, results: unknown) => ({ kind, state: 'seen', subject: { id: 's' }, facts: { results } })

test.each(['server-probes', 'endpoint-attacks', 'control-probes'])('proofs in %s, what got through first', (kind) => {
  const found = proofsIn(stored(kind, [result('b', 'held'), result('a', 'broken'), result('c', 'inconclusive')]))
  expect(found.map(({ probe, outcome }) => [probe, outcome])).toEqual([
    ['a', 'broken'],
    ['c', 'inconclusive'],
    ['b', 'held'],
  ])
  expect(found[0]?.turns).toEqual([{ sent: 'GET /', received: 'HTTP 200' }])
})

test.each<[string, unknown]>([
  ['another kind', stored('server-tests', [result('a', 'held')])],
  ['one that was not seen', { kind: 'server-probes', state: 'unavailable', reason: 'x' }],
  ['results that are no list', stored('server-probes', 'x')],
  ['a result of another shape', stored('server-probes', [null, { probe: 'a' }, result('a', 'excellent')])],
  ['nothing', null],
])('none in %s', (_, body) => {
  expect(proofsIn(body)).toEqual([])
})

test('a turn of another shape is left out, and a proof without a title is called by its control, else by its probe', () => {
  const bare = { title: undefined, transcript: [{ sent: 1 }, null, { sent: 'a', received: 'b' }] }
  const [one, other] = proofsIn(
    stored('control-probes', [result('a', 'held', { ...bare, control: 'origin' }), result('b', 'held', bare)]),
  )
  expect([one?.title, other?.title, one?.turns]).toEqual(['origin', 'b', [{ sent: 'a', received: 'b' }]])
})

test('of what a run saw, the records of this subject that may hold proofs', () => {
  const line = (kind: string, id: string, observation: unknown) => ({ kind, subject: { id }, observation })
  const manifest = [
    ...[line('server-probes', 's', 'd1'), line('server-probes', 'other', 'd2'), line('tool-surface', 's', 'd3')],
    ...[line('control-probes', 's', 'd4'), line('control-probes', 's', 7), null],
  ]
  expect(proofRecords(manifest, 's')).toEqual(['d1', 'd4'])
  expect(proofRecords('x', 's')).toEqual([])
})

test.each<[string, Record<string, unknown>, string[] | null]>([
  ['the probe of its proof', { advisory: 'CVE-1', proof: { probe: 'b', outcome: 'held' } }, ['b']],
  ['its probe', { probe: 'a' }, ['a']],
  ['its probes', { probes: ['a', 'b'], detail: 'x' }, ['a', 'b']],
  ['what was said of an address', { url: 'http://127.0.0.1:1/mcp', detail: 'what came of a' }, ['a']],
  ['nothing that held there', { url: 'http://127.0.0.1:1/mcp', detail: 'what came of b' }, []],
  ['no proof', { differences: [] }, null],
])('a finding rests on %s', (_, facts, expected) => {
  const isOf = restsOn(facts)
  const proofs = proofsIn(stored('server-probes', [result('a', 'broken'), result('b', 'held')]))
  expect(isOf === null ? null : proofs.filter(isOf).map(({ probe }) => probe)).toEqual(expected)
})

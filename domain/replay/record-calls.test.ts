import type { CallOutcome, GoldenCall } from '@upkeep/contract/golden-calls'
import { expect, test } from 'vitest'
import { draftCalls } from './draft-calls.ts'
import { recordCalls } from './record-calls.ts'

const call: GoldenCall = { id: 'echo', tool: 'echo', arguments: {}, textMayDiffer: false }
const said = (text: string, over: Partial<CallOutcome> = {}): CallOutcome => ({
  kind: 'result',
  code: null,
  structure: '[text]',
  text,
  ...over,
})
const token = `ghp_${'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4'}`

test.each<[string, CallOutcome[], object]>([
  ['a steady answer is kept whole', [said('a'), said('a')], { calls: [{ ...call, expect: said('a') }], leftOut: [] }],
  [
    'a text that differs may differ, and is not kept',
    [said('a'), said('b')],
    { calls: [{ ...call, textMayDiffer: true, expect: said('') }], leftOut: [] },
  ],
  [
    'a text with what looks like a credential is not kept',
    [said(`token=${token}`), said(`token=${token}`)],
    { calls: [{ ...call, textMayDiffer: true, expect: said('') }], leftOut: [] },
  ],
  [
    'an error that a tool says each time is a record too',
    [said('no', { kind: 'tool-error' }), said('no', { kind: 'tool-error' })],
    { calls: [{ ...call, expect: said('no', { kind: 'tool-error' }) }], leftOut: [] },
  ],
  [
    'what is not steady in its kind is left out',
    [said('a'), said('a', { kind: 'tool-error' })],
    { calls: [], leftOut: [{ id: 'echo', why: 'it does not come to the same each time' }] },
  ],
  [
    'what was not answered is left out',
    [said('', { kind: 'no-answer' })],
    { calls: [], leftOut: [{ id: 'echo', why: 'it was not answered' }] },
  ],
  ['what was not called is left out', [], { calls: [], leftOut: [{ id: 'echo', why: 'it was not answered' }] }],
])('%s', (_name, outcomes, expected) => {
  const replayed = outcomes.length === 0 ? [] : [{ id: 'echo', tool: 'echo', outcomes }]
  expect(recordCalls([call], replayed)).toEqual(expected)
})

test('a call is drafted for each tool, with plain values for what it asks for and nothing else', () => {
  const listed = { title: null, description: null, outputSchema: null, annotations: null, taskSupport: null }
  const properties = { a: { type: 'number' }, unit: { enum: ['C', 'F'] }, more: { type: 'string' } }
  const inputSchema = { type: 'object', properties, required: ['a', 'unit'] }
  expect(
    draftCalls([
      { ...listed, name: 'sum', inputSchema },
      { ...listed, name: 'odd', inputSchema: 7 },
    ]),
  ).toEqual([
    { id: 'sum', tool: 'sum', arguments: { a: 1, unit: 'C' }, textMayDiffer: false },
    { id: 'odd', tool: 'odd', arguments: {}, textMayDiffer: false },
  ])
})

import type { CallOutcome, GoldenCall } from '@upkeep/contract/golden-calls'
import { describe, expect, test } from 'vitest'
import { compareReplays } from './compare-replays.ts'
import { outcomeOf } from './outcome-of.ts'
import { steadyText } from './steady-text.ts'

const text = (value: string, over: object = {}) => outcomeOf({ content: [{ type: 'text', text: value }], ...over })
const failed: CallOutcome = { kind: 'protocol-error', code: -32602, structure: '', text: 'no' }
const silent: CallOutcome = { kind: 'no-answer', code: null, structure: '', text: '' }

function judged(
  was: CallOutcome[],
  is: CallOutcome[],
  call: Partial<GoldenCall> = {},
  tools: string[] | null = ['echo'],
) {
  const golden: GoldenCall = { id: 'one', tool: 'echo', arguments: {}, textMayDiffer: false, ...call }
  const replay = (outcomes: CallOutcome[]) => (outcomes.length === 0 ? [] : [{ id: 'one', tool: 'echo', outcomes }])
  const renames = new Map([['echo', 'say']])
  const [verdict] = compareReplays([golden], replay(was), replay(is), { tools, renames })
  return verdict
}

describe('a golden call', () => {
  test.each<[string, CallOutcome[], CallOutcome[], string, string | null]>([
    ['answers the same', [text('hi')], [text('hi'), text('hi')], 'same', null],
    [
      'answers the same at another time',
      [text('at 2026-01-02T03:04:05Z')],
      [text('at 2027-02-03T04:05:06.789Z')],
      'same',
      null,
    ],
    ['says something else', [text('hi')], [text('ho')], 'different', 'text-changed'],
    [
      'answers in another form',
      [text('hi')],
      [outcomeOf({ content: [{ type: 'image', data: '' }] })],
      'different',
      'structure-changed',
    ],
    [
      'has other members in its structure',
      [text('hi', { structuredContent: { a: 1 } })],
      [text('hi', { structuredContent: { b: 1 } })],
      'different',
      'structure-changed',
    ],
    [
      'has other values in its structure',
      [text('hi', { structuredContent: { a: 1 } })],
      [text('hi', { structuredContent: { a: 2 } })],
      'same',
      null,
    ],
    ['says that it is an error', [text('hi')], [text('hi', { isError: true })], 'different', 'is-error-flipped'],
    ['is refused', [text('hi')], [failed], 'different', 'error-instead-of-result'],
    ['is no longer refused', [failed], [text('hi')], 'different', 'result-instead-of-error'],
    ['never answered', [silent], [silent], 'different', 'not-comparable'],
    ['was not made', [text('hi')], [], 'different', 'not-comparable'],
    ['answers otherwise each time', [text('hi')], [text('hi'), text('ho')], 'flaky', null],
    ['answered otherwise each time', [text('hi'), text('ho')], [text('hi')], 'flaky', null],
    ['sometimes does not answer', [text('hi')], [text('hi'), silent], 'flaky', null],
  ])('%s', (_, was, is, state, kind) => {
    expect(judged(was, is)).toMatchObject({ state, kind })
  })

  test('that does not come to the same each time is flaky, on either side', () => {
    expect(judged([text('hi')], [text('hi'), text('ho'), text('hi')])).toMatchObject({ state: 'flaky' })
    expect(judged([failed, text('hi')], [text('hi')])).toMatchObject({ state: 'flaky' })
    expect(judged([text('hi')], [text('hi'), text('hi'), text('hi')])).toMatchObject({ state: 'same' })
  })

  test('whose tool is gone is missing, with its likely new name', () => {
    const missing = { state: 'different', kind: 'missing-tool', is: 'not listed' }
    expect(judged([text('hi')], [failed], {}, ['say'])).toMatchObject({ ...missing, likelyNow: 'say' })
    expect(judged([text('hi')], [text('hi')], {}, null)).toMatchObject({ state: 'same' })
  })

  test('that was recorded is held against the record, and only as far as it says', () => {
    expect(judged([], [text('hi')], { expect: text('hi') })).toMatchObject({ state: 'same' })
    expect(judged([], [text('ho')], { expect: text('hi') })).toMatchObject({ state: 'different' })
    expect(judged([], [text('ho')], { expect: text('hi'), textMayDiffer: true })).toMatchObject({ state: 'same' })
    expect(judged([], [failed], { expect: text('hi'), textMayDiffer: true })).toMatchObject({ state: 'different' })
  })
})

describe('what changes from run to run is taken out', () => {
  test.each([
    ['id 7b1f2c3d-0000-4a5b-8c6d-1234567890ab', 'id (uuid)'],
    ['wrote /tmp/upkeep-x1/a.txt in 12.5 ms', 'wrote (temporary path) in (duration)'],
    ['at http://127.0.0.1:41234/x', 'at http://(local address)/x'],
    ['on Tue Nov 03 2026 10:11:12 GMT+0000 (UTC).', 'on (time).'],
    ['since 1767225600000', 'since (time)'],
  ])('%s', (given, expected) => {
    expect(steadyText(given)).toBe(expected)
  })

  test.each(['The sum of 2 and 40 is 42.', 'version 2.0.1 of 3', '/home/ada/notes.txt', 'call 555-0100', 'in 3 steps'])(
    'and nothing else: %s',
    (given) => {
      expect(steadyText(given)).toBe(given)
    },
  )

  test('a long text is cut, and is worked through in no time', () => {
    const startedAt = performance.now()
    for (const part of ['1', '/tmp/', 'a1b2', 'Mon Jan ', '12 '])
      expect(steadyText(part.repeat(400_000)).length).toBeLessThan(8_000)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})

import { expect, test } from 'vitest'
import { requestAt } from './request-at.ts'

const said = [
  { way: 'in' as const, atMs: 10, line: '{"id":1,"method":"initialize"}' },
  { way: 'out' as const, atMs: 20, line: '{"id":1,"result":{}}' },
  { way: 'in' as const, atMs: 21, line: '{"method":"notifications/initialized"}' },
  { way: 'in' as const, atMs: 30, line: '{"id":2,"method":"tools/call","params":{"name":"count_words"}}' },
  { way: 'out' as const, atMs: 35, line: 'not json' },
  { way: 'out' as const, atMs: 40, line: '{"id":2,"result":{}}' },
]

test.each([
  [5, 'start'],
  [15, 'initialize'],
  [25, null],
  [30, 'tools/call count_words'],
  [40, 'tools/call count_words'],
  [50, null],
])('at %i ms', (atMs, expected) => {
  expect(requestAt(said, atMs)).toBe(expected)
})

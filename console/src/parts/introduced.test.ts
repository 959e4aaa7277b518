import { expect, test } from 'vitest'
import { introducedIn } from './introduced'

test.each([
  ['url', 'https://evil.example/x', { at: 'an address, tool add', was: 'nothing', is: 'https://evil.example/x' }],
  [
    'hint-flip',
    'readOnlyHint: was true, is false',
    { at: 'a hint that says the opposite, tool add', was: 'true', is: 'false' },
  ],
  [
    'widened-schema',
    'was {"a":1}, is {"b":2}',
    { at: 'an input that takes more, tool add', was: '{"a":1}', is: '{"b":2}' },
  ],
  ['widened-schema', 'anything', { at: 'an input that takes more, tool add', was: 'nothing', is: 'anything' }],
  ['hidden-characters', 'was a, is b', { at: 'hidden characters, tool add', was: 'nothing', is: 'was a, is b' }],
  ['toString', 'x', { at: 'toString, tool add', was: 'nothing', is: 'x' }],
])('%s: %s', (kind, says, found) => {
  expect(introducedIn([{ kind, where: 'tool add', says }])).toEqual([found])
})

test.each([[undefined], [[]], ['text'], [[{ kind: 'url', where: 'x' }]], [[null]]])(
  '%j is of another shape',
  (value) => {
    expect(introducedIn(value)).toBeNull()
  },
)

test('what acts on a model comes before what does not', () => {
  const all = ['url', 'secrecy', 'hint-flip', 'encoded-blob'].map((kind) => ({ kind, where: 'x', says: kind }))
  expect(introducedIn(all)?.map(({ is }) => is)).toEqual(['secrecy', 'encoded-blob', 'url', 'hint-flip'])
})

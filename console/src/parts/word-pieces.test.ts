import { expect, test } from 'vitest'
import { type Piece, wordPieces } from './word-pieces'

/** What differs in brackets. */
const marked = (pieces: readonly Piece[]) => pieces.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('')
const compared = (was: string, is: string) => {
  const pieces = wordPieces(was, is)
  return [marked(pieces.was), marked(pieces.is)]
}
const whole = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join('')

test.each([
  ['the same', 'the same', 'the same', 'the same'],
  ['', 'new', '', '[new]'],
  ['gone', '', '[gone]', ''],
  ['Reads a file', 'Reads any file', 'Reads [a] file', 'Reads [any] file'],
  ['server@1.2.0', 'server@1.3.0', 'server@1.[2].0', 'server@1.[3].0'],
  ['a b c d', 'x y c d', '[a b] c d', '[x y] c d'],
  ['one two three', 'two three four', '[one ]two three', 'two three[ four]'],
  ['Reads', 'Re⟨U+200B⟩ads', '[Reads]', '[Re⟨U+200B⟩ads]'],
  ['ends.', 'ends\u202e.', 'ends.', 'ends[\u202e].'],
  ['ends.', 'ends⟨U+202E⟩.', 'ends.', 'ends[⟨U+202E⟩].'],
])('%j to %j', (was, is, before, after) => {
  expect(compared(was, is)).toEqual([before, after])
})

test.each([
  ['a very long text', `start ${'a '.repeat(200_000)}end`, `start ${'b '.repeat(200_000)}end`],
  ['two texts of nothing in common', '<>'.repeat(9_000), '[]'.repeat(9_000)],
  ['half a pair where it is cut', `${'x'.repeat(19_999)}😀`, 'y'],
])('%s is whole in its pieces, and compared in good time', (_, was, is) => {
  const begun = performance.now()
  const pieces = wordPieces(was, is)
  expect(performance.now() - begun).toBeLessThan(2_000)
  expect([whole(pieces.was), whole(pieces.is)]).toEqual([was, is])
  expect(pieces.was.some(({ differs }) => differs)).toBe(true)
})

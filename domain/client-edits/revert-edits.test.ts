import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TextFormat } from '../client-formats/parse-text.ts'
import { editText } from './edit-text.ts'
import { revertEdits } from './revert-edits.ts'
import type { TextEdit } from './text-edit.ts'

const set = (path: TextEdit['path'], value: Extract<TextEdit, { kind: 'set' }>['value']): TextEdit => ({
  kind: 'set',
  path,
  value,
})
const remove = (...path: TextEdit['path']): TextEdit => ({ kind: 'remove', path })

function edited(text: string, format: TextFormat, edits: readonly TextEdit[]): string {
  const result = editText(text, format, edits)
  if (result.state === 'refused') throw new Error(result.reason)
  return result.text
}

const json = '{\n  // mine\n  "a": { "x": "\\u0031", "y": 2 },\n\n  "b": [1, 2], // own\n  "c": 3,\n  "d": 4\n}\n'
const toml = "# mine\na = 1\n\n[b] # own\nc = '2'\nd = 3\n\n[e]\nf = 1\n"
const yaml = "# mine\na: 1\nb: # own\n  c: '2'\n  d: 3\n\ne:\n  f: 1\n"

describe('taking back what was ours', () => {
  it.each([
    ['json', 'jsonc', json, [set(['a', 'x'], 'new'), remove('b')], [set(['d'], 5)]],
    ['a key added, and another behind it', 'jsonc', json, [set(['n'], 1)], [set(['m'], 2)]],
    ['a key taken away with its comment', 'jsonc', json, [remove('b')], [set(['z'], 1)]],
    ['a list', 'jsonc', json, [set(['b', 2], 3)], [set(['c'], 5)]],
    ['several', 'jsonc', json, [set(['a', 'x'], 'n'), set(['d'], 9)], [set(['c'], 5)]],
    ['toml', 'toml', toml, [set(['b', 'c'], 'new'), set(['b', 'n'], 1)], [set(['e', 'f'], 2)]],
    ['a table of toml', 'toml', toml, [remove('b')], [set(['e', 'g'], 2)]],
    ['yaml', 'yaml', yaml, [set(['b', 'c'], 'new'), set(['b', 'n'], 1)], [set(['e', 'f'], 2)]],
    ['a map of yaml', 'yaml', yaml, [remove('b')], [set(['e', 'g'], 2)]],
  ] as const)('%s: only that, to the byte', (_, format, before, own, others) => {
    const ours = edited(before, format, own)
    const now = edited(ours, format, others)
    expect(revertEdits(before, ours, now, format)).toEqual({
      state: 'reverted',
      text: edited(before, format, others),
      left: [],
    })
    expect(revertEdits(before, ours, ours, format)).toEqual({ state: 'reverted', text: before, left: [] })
  })

  it('goes key by key where others wrote the file anew', () => {
    const ours = edited(json, 'jsonc', [set(['a', 'x'], 'new'), set(['n'], true), remove('c')])
    const now = JSON.stringify({ z: 0, n: true, d: 4, b: [1, 2], a: { y: 2, x: 'new' } })
    expect(revertEdits(json, ours, now, 'jsonc')).toEqual({
      state: 'reverted',
      text: '{"z":0,"d":4,"b":[1,2],"a":{"y":2,"x":"1"},"c":3}',
      left: [],
    })
  })

  it('leaves keys that others changed too, and says which', () => {
    const ours = edited(json, 'jsonc', [set(['a', 'x'], 'new'), set(['c'], 9), remove('d')])
    const now = edited(ours, 'jsonc', [set(['c'], 10), set(['d'], 'theirs')])
    const result = revertEdits(json, ours, now, 'jsonc')
    expect(result).toMatchObject({ state: 'reverted', left: [['c'], ['d']] })
    expect(result).toMatchObject({ text: edited(now, 'jsonc', [set(['a', 'x'], '1')]) })
  })

  it('does not bring back what lay in something that others took away', () => {
    const ours = edited(json, 'jsonc', [remove('a', 'y'), set(['a', 'x'], 'new')])
    const now = edited(ours, 'jsonc', [remove('a')])
    expect(revertEdits(json, ours, now, 'jsonc')).toEqual({
      state: 'reverted',
      text: now,
      left: [
        ['a', 'x'],
        ['a', 'y'],
      ],
    })
  })

  it('has nothing to do where it was taken back already, and refuses what cannot be read', () => {
    const ours = edited(json, 'jsonc', [set(['c'], 9)])
    const now = edited(json, 'jsonc', [set(['d'], 1)])
    expect(revertEdits(json, ours, now, 'jsonc')).toEqual({ state: 'reverted', text: now, left: [] })
    expect(revertEdits(json, ours, '{"c": hunter2', 'jsonc')).toMatchObject({ state: 'refused', code: 'malformed' })
  })

  it('any two sets of changes to different keys come apart again', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'n')
    const value = fc.constantFrom(1, 'x', true, { k: 'v' })
    const edit = fc.oneof(
      fc.tuple(key, value).map(([path, each]) => set([path], each)),
      key.map((path) => remove(path)),
    )
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), fc.array(edit, { maxLength: 3 }), (own, all) => {
        const others = all.filter(({ path }) => !own.some((each) => each.path[0] === path[0]))
        const before = '{\n  "a": 1, // a\n  "b": [2],\n  "c": {"k": 3}, "d": 4,\n  /* e */ "e": 5\n}\n'
        const ours = edited(before, 'jsonc', own)
        const now = edited(ours, 'jsonc', others)
        const wanted = edited(before, 'jsonc', others)
        const result = revertEdits(before, ours, now, 'jsonc')
        expect(result).toMatchObject({ state: 'reverted', left: [] })
        const text = result.state === 'reverted' ? result.text : ''
        expect(editText(text, 'jsonc', []).state).toBe('edited')
        expect(sorted(text)).toBe(sorted(wanted))
      }),
      { numRuns: 500 },
    )
  })
})

/** Members without comments, sorted: one text for one meaning. */
function sorted(text: string): string {
  const plain: unknown = JSON.parse(text.replaceAll(/\/\/.*|\/\*.*?\*\//g, '').replaceAll(/,(\s*[}\]])/g, '$1'))
  return JSON.stringify(Object.entries(Object(plain)).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

import { describe, expect, it } from 'vitest'
import { parseText } from '../client-formats/parse-text.ts'
import { editText } from './edit-text.ts'
import { inverse, spliced } from './splices.ts'
import type { TextEdit } from './text-edit.ts'

type Row = readonly [what: string, before: string, edits: readonly TextEdit[], after: string]

const set = (path: TextEdit['path'], value: Extract<TextEdit, { kind: 'set' }>['value']): TextEdit => ({
  kind: 'set',
  path,
  value,
})
const insert = (path: TextEdit['path'], value: string): TextEdit => ({ kind: 'insert', path, value })
const remove = (...path: TextEdit['path']): TextEdit => ({ kind: 'remove', path })

const rows: readonly Row[] = [
  ['a value', '{ "a" : 1,\n"b":"x" }', [set(['b'], 'y"')], '{ "a" : 1,\n"b":"y\\"" }'],
  ['a list item', '{"a": ["x", "y"]}', [set(['a', 1], 'z')], '{"a": ["x", "z"]}'],
  ['the same value', '{"a": [1, {"b":"\\u0041"}]}', [set(['a'], [1, { b: 'A' }])], '{"a": [1, {"b":"\\u0041"}]}'],
  ['a key on one line', '{"a": 1}', [set(['b'], true)], '{"a": 1, "b": true}'],
  [
    'a key in compact text',
    '{"a":1,"b":{"c":[1,2]}}',
    [set(['b', 'd'], { e: [1] })],
    '{"a":1,"b":{"c":[1,2],"d":{"e":[1]}}}',
  ],
  [
    'a key on its own line',
    '{\n\t"a": 1\n}\n',
    [set(['b'], { c: 'd' })],
    '{\n\t"a": 1,\n\t"b": {\n\t\t"c": "d"\n\t}\n}\n',
  ],
  ['a key behind a trailing comma', '{\n  "a": 1,\n}', [set(['b'], 2)], '{\n  "a": 1,\n  "b": 2,\n}'],
  [
    'a key behind a comment on the line',
    '{\n  "a": 1 // one\n  // more\n}',
    [set(['b'], 2)],
    '{\n  "a": 1, // one\n  "b": 2\n  // more\n}',
  ],
  [
    'missing parents',
    '{\n  "a": {}\n}',
    [set(['a', 'b', 'c'], 1)],
    '{\n  "a": {\n    "b": {\n      "c": 1\n    }\n  }\n}',
  ],
  ['a list that is missing', '{"a": {"x": 1}}', [set(['a', 'l', 0], 'y')], '{"a": {"x": 1, "l": ["y"]}}'],
  ['null makes room', '{"a": null}', [set(['a', 'b'], 1)], '{"a": {"b": 1}}'],
  ['an empty object with a comment', '{\n  // none yet\n}', [set(['a'], 1)], '{\n  // none yet\n  "a": 1\n}'],
  ['an empty object on one line', '{"o": 1, "a": { }}', [set(['a', 'b'], 1)], '{"o": 1, "a": { "b": 1 }}'],
  ['an empty file', '{}', [set(['a', 'b'], 1)], '{\n  "a": {\n    "b": 1\n  }\n}'],
  ['comments and nothing else', '// mine\n', [set(['a'], 1)], '// mine\n{\n  "a": 1\n}\n'],
  [
    'mixed line endings',
    '{\r\n  "a": 1,\n  "b": {\r\n    "c": 1\r\n  },\n  "d": 1\n}',
    [set(['b', 'x'], 2), set(['e'], 3)],
    '{\r\n  "a": 1,\n  "b": {\r\n    "c": 1,\r\n    "x": 2\r\n  },\n  "d": 1,\n  "e": 3\n}',
  ],
  ['a byte order mark', '\uFEFF{"a": 1}', [set(['a'], 2)], '\uFEFF{"a": 2}'],
  ['a key with odd name', '{"__proto__": {"a": 1}}', [set(['__proto__', 'a'], 2)], '{"__proto__": {"a": 2}}'],
  ['an escaped key', '{"\\u0061": {"b": 1}}', [set(['a', 'b'], 2)], '{"\\u0061": {"b": 2}}'],
  [
    'lists as the neighbours have them',
    '{\n  "a": {\n    "args": [\n      "x"\n    ]\n  }\n}',
    [set(['b'], { args: ['y'] })],
    '{\n  "a": {\n    "args": [\n      "x"\n    ]\n  },\n  "b": {\n    "args": [\n      "y"\n    ]\n  }\n}',
  ],
  [
    'inline lists in lines',
    '{\n  "a": {\n    "args": ["x"]\n  }\n}',
    [set(['b'], { args: ['y', 'z'] })],
    '{\n  "a": {\n    "args": ["x"]\n  },\n  "b": {\n    "args": ["y", "z"]\n  }\n}',
  ],
  ['an item at the end', '["a"]', [set([1], 'b')], '["a", "b"]'],
  ['an item before another', '["a", "b"]', [insert([1], 'x')], '["a", "x", "b"]'],
  ['an item on its line', '[\n  "a",\r\n  "b"\n]', [insert([1], 'x')], '[\n  "a",\r\n  "x",\r\n  "b"\n]'],
  ['an item into an empty list', '{"a": []}', [insert(['a', 0], 'x')], '{"a": ["x"]}'],
  ['takes the first away', '{"a": 1, "b": 2}', [remove('a')], '{"b": 2}'],
  ['takes the last away', '{"a": 1, "b": 2}', [remove('b')], '{"a": 1}'],
  ['takes the only one away', '{"x": {\n  "a": 1\n}}', [remove('x', 'a')], '{"x": {}}'],
  [
    'takes lines away',
    '{\n  "a": 1,\n  "b": {\n    "c": 1\n  },\n  "d": 1\n}',
    [remove('b')],
    '{\n  "a": 1,\n  "d": 1\n}',
  ],
  [
    'the last line, and the comma before',
    '{\n  "a": 1, // one\n  "b": 2 // two\n}',
    [remove('b')],
    '{\n  "a": 1 // one\n}',
  ],
  ['keeps a trailing comma', '{\n  "a": 1,\n  "b": 2,\n}', [remove('b')], '{\n  "a": 1,\n}'],
  [
    "keeps others' comments",
    '{\n  // of a\n  "a": 1,\n  // of b\n  "b": 2, /* c */ "c": 3\n}',
    [remove('b')],
    '{\n  // of a\n  "a": 1,\n  // of b\n  /* c */ "c": 3\n}',
  ],
  ['a comment that ends elsewhere', '{\n  "a": 1, /* x\n y */ "b": 2\n}', [remove('a')], '{\n  /* x\n y */ "b": 2\n}'],
  ['closing bracket on the last line', '{"a": 1,\n  "b": 2}', [remove('b')], '{"a": 1}'],
  ['two on a line', '{\n  "a": 1, "b": 2,\n  "c": 3\n}', [remove('b')], '{\n  "a": 1,\n  "c": 3\n}'],
  ['several edits at once', '{\n  "a": 1\n}', [set(['b'], 1), set(['c'], 2), remove('a')], '{\n  "b": 1,\n  "c": 2\n}'],
  ['comma first', '{ "a": 1\n, "b": 2\n}', [set(['c'], 3)], '{ "a": 1\n, "b": 2,\n"c": 3\n}'],
  ['nothing to take away', '{"a": 1}', [remove('b'), remove('b', 'c')], '{"a": 1}'],
  [
    'strings that look like syntax',
    '{"a": "}//\\\\", "b": "/*", "c": {"d": "]"}}',
    [set(['c', 'e'], 1)],
    '{"a": "}//\\\\", "b": "/*", "c": {"d": "]", "e": 1}}',
  ],
  ['a double key elsewhere', '{"x": 1, "x": 2, "a": 1}', [set(['a'], 2)], '{"x": 1, "x": 2, "a": 2}'],
]

describe('edits of JSON', () => {
  it.each(rows)('%s', (_, before, edits, after) => {
    const edited = editText(before, 'jsonc', edits)
    expect(edited).toMatchObject({ state: 'edited', text: after })
    if (edited.state === 'refused') return
    expect(spliced(before, edited.splices)).toBe(after)
    expect(spliced(after, inverse(before, edited.splices))).toBe(before)
  })

  it.each([
    ['malformed', '{"a": hunter2}', [set(['a'], 1)]],
    ['ambiguous', '{"a": {"b": 1}, "a": {"b": 2}}', [set(['a', 'b'], 3)]],
    ['ambiguous', '{"a": 1, "a": 2}', [remove('a')]],
    ['no-such-path', '{"a": "hunter2"}', [set(['a', 'b'], 1)]],
    ['no-such-path', '{"a": ["hunter2"]}', [set(['a', 3], 1)]],
    ['no-such-path', '{"a": ["hunter2"]}', [remove('a', 1)]],
    ['no-such-path', '{"a": {}}', [insert(['a', 'b'], 'x')]],
    ['no-such-path', '{"a": 1}', [remove()]],
    ['not-expressible', '{"a": 1}', [set(['a'], Number.NaN)]],
    ['not-expressible', '{"a": 1}', [set(['a'], '\ud800')]],
  ] as const)('refuses as %s: %s', (code, text, edits) => {
    const result = editText(text, 'jsonc', edits)
    expect(result).toMatchObject({ state: 'refused', code })
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })

  it('edits a long file of a client in linear time', () => {
    const history = Array.from({ length: 6_000 }, (_, n) => ({
      display: `${n} {"[ a prompt that a person wrote\n`.repeat(9),
      pasted: {},
    }))
    const text = JSON.stringify({ a: history, mcpServers: { fs: { command: 'npx', args: ['x@1'] } } }, null, 2)
    expect(text.length).toBeGreaterThan(2_000_000)
    const edit = () => editText(text, 'json', [set(['mcpServers', 'fs', 'args', 0], 'x@2')])
    // Held against reading the file once, since an edit reads it twice and other work on the machine slows both.
    const reading = fastest(() => parseText(text, 'json'))
    expect(fastest(edit)).toBeLessThan(15 * reading)
    const edited = edit()
    expect(edited).toMatchObject({ splices: [{ removed: 1, inserted: '2' }] })
  })
})

/** The best of five: the milliseconds that it takes when nothing is in the way. */
function fastest(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return Math.min(...times)
}

import { describe, expect, it } from 'vitest'
import { addEntry } from './add-entry.ts'
import { editText } from './edit-text.ts'
import { removeEntry, setArguments, setEnvironment } from './entry-edits.ts'
import { setPackageVersion } from './set-package-version.ts'
import { inverse, spliced } from './splices.ts'
import { fileOf } from './testing/file-of.ts'
import type { Edited, TextEdit } from './text-edit.ts'

const set = (path: TextEdit['path'], value: Extract<TextEdit, { kind: 'set' }>['value']): TextEdit => ({
  kind: 'set',
  path,
  value,
})
const insert = (path: TextEdit['path'], value: string): TextEdit => ({ kind: 'insert', path, value })
const remove = (...path: TextEdit['path']): TextEdit => ({ kind: 'remove', path })

const rows: readonly (readonly [what: string, before: string, edits: readonly TextEdit[], after: string])[] = [
  ['a value', 'a: x  # c\nb: 1\n', [set(['a'], 'z')], 'a: z  # c\nb: 1\n'],
  ['a value in its quotes', 'a: \'x\'\nb: "y"\n', [set(['a'], "it's"), set(['b'], 'z')], "a: 'it''s'\nb: \"z\"\n"],
  ['a value that needs quotes', 'a: x\n', [set(['a'], 'true')], 'a: "true"\n'],
  ['the same value', 'a: "x"\n', [set(['a'], 'x')], 'a: "x"\n'],
  ['no value', 'a:\nb: 1\n', [set(['a'], 'x')], 'a: x\nb: 1\n'],
  ['below no value', 'a: # c\nb: 1\n', [set(['a', 'k'], 'x')], 'a: {k: x} # c\nb: 1\n'],
  ['a block text', 'a: |\n  x\n  y\nb: 1\n', [set(['a'], 'z')], 'a: z\nb: 1\n'],
  ['a text on lines', 'a: x\n  y\nb: "p\n  q"\n', [set(['a'], 'z'), set(['b'], 'r')], 'a: z\nb: "r"\n'],
  [
    'a key behind the last',
    'm:\n  a: 1 # one\n\n  # later\nb: 1\n',
    [set(['m', 'c'], 'x')],
    'm:\n  a: 1 # one\n  c: x\n\n  # later\nb: 1\n',
  ],
  [
    'a key behind a block text',
    'm:\n  a: |\n    x\nb: 1\n',
    [set(['m', 'c'], 'x')],
    'm:\n  a: |\n    x\n  c: x\nb: 1\n',
  ],
  ['a key without an ending', 'a: 1', [set(['b'], 2)], 'a: 1\nb: 2'],
  [
    'a key in mixed endings',
    'm:\r\n  a: 1\r\nb: 1\n',
    [set(['m', 'c'], 2), set(['d'], 3)],
    'm:\r\n  a: 1\r\n  c: 2\r\nb: 1\nd: 3\n',
  ],
  [
    'a key of a list item',
    '- a: 1\n  b: 2\n-   a: 3\n',
    [set([0, 'c'], 3), set([1, 'd'], 4)],
    '- a: 1\n  b: 2\n  c: 3\n-   a: 3\n    d: 4\n',
  ],
  ['a key on one line', 'm: {a: 1, b: "2"}\n', [set(['m', 'c'], 'x y')], 'm: {a: 1, b: "2", c: "x y"}\n'],
  ['a key of an empty map', 'm: {}\n', [set(['m', 'c'], 1)], 'm: {c: 1}\n'],
  [
    'a map on lines',
    'm:\n  a: 1\n',
    [set(['m', 'x'], { k: 'v', l: ['p', 'q'], e: {} })],
    'm:\n  a: 1\n  x:\n    k: v\n    l:\n      - p\n      - q\n    e: {}\n',
  ],
  [
    'lists as the text has them',
    'm:\n  a: [x]\n',
    [set(['m', 'x'], { l: ['p', '-y'] })],
    'm:\n  a: [x]\n  x:\n    l: [p, "-y"]\n',
  ],
  [
    'a map into a list',
    'l:\n  - name: a\n    c: x\n',
    [set(['l', 1], { name: 'b', args: ['p'] })],
    'l:\n  - name: a\n    c: x\n  - name: b\n    args:\n      - p\n',
  ],
  [
    'an item',
    'l:\n- a\n- b # two\n',
    [set(['l', 1], 'x'), set(['l', 2], 'c'), insert(['l', 0], 'z')],
    'l:\n- z\n- a\n- x # two\n- c\n',
  ],
  [
    'an item on one line',
    "l: ['a', b]\n",
    [set(['l', 0], 'x'), insert(['l', 1], 'm'), set(['l', 3], 'c')],
    "l: ['x', m, b, c]\n",
  ],
  ['an empty text', '', [set(['a', 'b'], 1)], 'a:\n  b: 1\n'],
  ['comments and nothing else', '# mine\n', [set(['a'], 1)], '# mine\na: 1\n'],
  [
    'takes lines away',
    'm:\n  a: 1\n  # of b\n  b:\n    c: 1\n    d: |\n      x\n  e: 1\n',
    [remove('m', 'b')],
    'm:\n  a: 1\n  # of b\n  e: 1\n',
  ],
  ['takes the last line away', 'a: 1\nb: 2', [remove('b')], 'a: 1'],
  ['takes the only key away', 'm:\n  a: 1\nb: 1\n', [remove('m', 'a')], 'm: {}\nb: 1\n'],
  ['takes the first key of an item away', 'l:\n  - a: 1 # own\n    b: 2\n', [remove('l', 0, 'a')], 'l:\n  - b: 2\n'],
  ['takes an item away', 'l:\n  - a: 1\n    b: 2\n  # of c\n  - c: 1\n', [remove('l', 0)], 'l:\n  # of c\n  - c: 1\n'],
  ['takes the only item away', 'l:\n- a\nb: 1\n', [remove('l', 0)], 'l: []\nb: 1\n'],
  ['takes away on one line', 'm: {a: 1, b: 2}\nl: [x, y]\n', [remove('m', 'a'), remove('l', 1)], 'm: {b: 2}\nl: [x]\n'],
  ['an anchor that nothing refers to', 'a: &x\n  b: 1\n', [set(['a', 'b'], 2)], 'a: &x\n  b: 2\n'],
  [
    'beside an alias',
    'a: &x {k: 1}\nb: *x\nc: 1\n',
    [set(['c'], 2), set(['d'], 3)],
    'a: &x {k: 1}\nb: *x\nc: 2\nd: 3\n',
  ],
  ['a byte order mark', '\uFEFFa: 1\n', [set(['a'], 2)], '\uFEFFa: 2\n'],
  ['a document with a head', '---\na: 1\n...\n', [set(['b'], 2)], '---\na: 1\nb: 2\n...\n'],
]

describe('edits of YAML', () => {
  it.each(rows)('%s', (_, before, edits, after) => {
    const edited = editText(before, 'yaml', edits)
    expect(edited).toMatchObject({ state: 'edited', text: after })
    if (edited.state === 'refused') return
    expect(spliced(before, edited.splices)).toBe(after)
    expect(spliced(after, inverse(before, edited.splices))).toBe(before)
  })

  it.each([
    ['malformed', 'a: [hunter2', [set(['a'], 1)]],
    ['ambiguous', 'a: 1\na: hunter2', [set(['a'], 3)]],
    ['ambiguous', 'a: &x {k: hunter2}\nb: *x', [set(['b', 'k'], 1)]],
    ['ambiguous', 'a: &x 1\nb: *x', [set(['b'], 2)]],
    ['no-such-path', 'a: hunter2', [set(['a', 'b'], 1)]],
    ['not-expressible', 'a: &x {k: hunter2}\nb: *x', [set(['a', 'k'], 1)]],
    ['not-expressible', 'a: &x 1\nb: *x', [set(['a'], 2)]],
    ['not-expressible', 'a: !!str 5', [set(['a'], 6)]],
    ['not-expressible', '? a\n: 1\n', [set(['b'], 6)]],
    ['not-expressible', '- a: 1\n  # between\n  b: 2\n', [remove(0, 'a')]],
    ['not-expressible', '- - a\n  - b\n', [remove(0, 0)]],
  ] as const)('refuses as %s: %s', (code, text, edits) => {
    const result = editText(text, 'yaml', edits)
    expect(result).toMatchObject({ state: 'refused', code })
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })
})

describe('entries of Continue', () => {
  const text =
    'name: mine\nmcpServers:\n  # files\n  - name: fs\n    command: npx\n    args:\n      - "-y"\n      - fs@1.0.0 # pin\n    env:\n      A: "1"\n\n  - name: other\n    url: https://h.example\n'
  const file = fileOf('continue', '{continue}/config.yaml', text)
  const fs = { name: 'fs', project: null }
  const textOf = (edited: Edited) => (edited.state === 'edited' ? edited.text : `${edited.code}: ${edited.reason}`)

  it('are edited at the one place', () => {
    expect(textOf(setPackageVersion(file, fs, { name: 'fs', version: '1.0.1' }))).toBe(
      text.replace('fs@1.0.0', 'fs@1.0.1'),
    )
    expect(
      textOf(
        setEnvironment(
          file,
          fs,
          new Map([
            ['A', null],
            ['B', 'x'],
          ]),
        ),
      ),
    ).toContain('env: {B: x}\n\n')
    expect(textOf(setArguments(file, fs, [{ kind: 'insert', index: 2, before: null, text: '/d' }]))).toBe(
      text.replace('# pin\n', '# pin\n      - /d\n'),
    )
    expect(textOf(removeEntry(file, fs))).toBe(
      'name: mine\nmcpServers:\n  # files\n\n  - name: other\n    url: https://h.example\n',
    )
  })

  it('are added behind the others', () => {
    const name = { name: 'srv', project: null }
    const added = addEntry(file, name, { transport: 'stdio', command: 'x', args: ['a'], env: { K: 'v' }, cwd: null })
    expect(textOf(added)).toBe(`${text}  - name: srv\n    command: x\n    args:\n      - a\n    env:\n      K: v\n`)
    const remote = addEntry(file, name, { transport: 'http', url: 'https://h', headers: { A: 'b' } })
    expect(textOf(remote)).toContain('    requestOptions:\n      headers:\n        A: b\n')
  })
})

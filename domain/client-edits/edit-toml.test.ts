import { describe, expect, it } from 'vitest'
import { addEntry } from './add-entry.ts'
import { editText } from './edit-text.ts'
import { removeEntry, setDisabled, setEnvironment } from './entry-edits.ts'
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
  ['a value', "[a]\nb   =  'x' # c\n", [set(['a', 'b'], 'y')], "[a]\nb   =  'y' # c\n"],
  ['quotes that cannot hold it', "b = 'x'", [set(['b'], "it's")], 'b = "it\'s"'],
  ['a text on lines', 'b = """\nx\n"""\nc = 1\n', [set(['b'], 'y')], 'b = "y"\nc = 1\n'],
  ['the same value', "b = 'x'\n", [set(['b'], 'x')], "b = 'x'\n"],
  [
    'a key in a table',
    '[a]\nb = 1 # one\n\n[c]\nd = 1\n',
    [set(['a', 'x'], true)],
    '[a]\nb = 1 # one\nx = true\n\n[c]\nd = 1\n',
  ],
  ['a key below an empty header', '[a] # head\n[c]\n', [set(['a', 'x'], 'y')], '[a] # head\nx = "y"\n[c]\n'],
  [
    'a key as its neighbour is written',
    '[a]\r\n\tb=1\r\n[c]\n',
    [set(['a', 'x'], 2)],
    '[a]\r\n\tb=1\r\n\tx=2\r\n[c]\n',
  ],
  ['no ending at the end', '[a]\nb = 1', [set(['a', 'x'], 2)], '[a]\nb = 1\nx = 2'],
  ['a key at the top', '# c\nb = 1\n\n[t]\n', [set(['x'], 2)], '# c\nb = 1\nx = 2\n\n[t]\n'],
  ['a first key at the top', '[t]\na = 1\n', [set(['x'], 2)], 'x = 2\n[t]\na = 1\n'],
  ['a key of an empty text', '', [set(['x'], 2)], 'x = 2\n'],
  [
    'a dotted key',
    '[a]\nenv.A = "1"\nb = 1\n',
    [set(['a', 'env', 'B'], '2')],
    '[a]\nenv.A = "1"\nenv.B = "2"\nb = 1\n',
  ],
  [
    'a dotted key at the top',
    'a.b.c = 1\n',
    [set(['a', 'b', 'd'], 2), set(['a', 'e'], 3)],
    'a.b.c = 1\na.b.d = 2\na.e = 3\n',
  ],
  [
    'an inline table',
    'env = { A = "1" }\n',
    [set(['env', 'B b'], '2'), set(['env', 'A'], 'x')],
    'env = { A = "x", "B b" = "2" }\n',
  ],
  ['an empty inline table', 'env = {}\n', [set(['env', 'B'], '2')], 'env = {B = "2"}\n'],
  ['missing parents', '[m.fs]\nc = 1\n', [set(['m', 'fs', 'env', 'A'], '1')], '[m.fs]\nc = 1\nenv = { A = "1" }\n'],
  [
    'a new table behind its kin',
    '[m.a]\nc = 1\n\n[z]\n',
    [set(['m', 'b'], { c: 'x', l: ['y'], e: { A: 'b' } })],
    '[m.a]\nc = 1\n\n[m.b]\nc = "x"\nl = ["y"]\ne = { A = "b" }\n\n[z]\n',
  ],
  ['a new table at the end', 'a = 1\n', [set(['m', 'b'], { c: 1 })], 'a = 1\n\n[m]\nb = { c = 1 }\n'],
  ['a table in the middle', '[a.b.c]\nx = 1\n', [set(['a', 'b', 'y'], 2)], '[a.b.c]\nx = 1\n\n[a.b]\ny = 2\n'],
  [
    'an item',
    'l = ["a", "b"]\n',
    [set(['l', 1], 'x'), set(['l', 2], 'y'), insert(['l', 0], 'z')],
    'l = ["z", "a", "x", "y"]\n',
  ],
  [
    'an item on lines',
    'l = [\n  "a", # one\n  "b", # two\n]\n',
    [set(['l', 2], 'c'), insert(['l', 1], 'x')],
    'l = [\n  "a", # one\n  "x",\n  "b", # two\n  "c",\n]\n',
  ],
  ['an item without a last comma', 'l = [\n  "a" # one\n]\n', [set(['l', 1], 'c')], 'l = [\n  "a", # one\n  "c"\n]\n'],
  ['takes an item away', 'l = [\n  "a", # one\n  "b", # two\n]\n', [remove('l', 0)], 'l = [\n  "b", # two\n]\n'],
  ['takes the only item away', 'l = ["a"]\n', [remove('l', 0)], 'l = []\n'],
  ['takes a key away', '[a]\nb = 1\n# of c\nc = 2 # own\nd = 3\n', [remove('a', 'c')], '[a]\nb = 1\n# of c\nd = 3\n'],
  ['takes the last line away', '[a]\nb = 1\nc = 2', [remove('a', 'c')], '[a]\nb = 1'],
  ['takes an inline key away', 'e = { A = 1, B = 2 }\n', [remove('e', 'A')], 'e = { B = 2 }\n'],
  [
    'takes a table away with those below',
    '[m.a]\nb = 1\n\n# of x\n[m.x]\nc = 1\n[m.x.env]\nA = 1\n\n# of z\n[z]\n',
    [remove('m', 'x')],
    '[m.a]\nb = 1\n\n# of x\n\n# of z\n[z]\n',
  ],
  ['takes the last table away', '[m.a]\nb = 1\n\n[m.x]\nc = 1\n', [remove('m', 'x')], '[m.a]\nb = 1\n'],
  ['takes the only table away', '[m.x]\nc = 1\n', [remove('m', 'x')], ''],
  ['takes dotted keys away', 'a.b = 1\nc = 2\na.d = 3\n', [remove('a')], 'c = 2\n'],
  [
    'one of a list of tables',
    '[[l]]\na = 1\n[[l]]\na = 2\n',
    [remove('l', 0), set(['l', 0, 'b'], 3)],
    '[[l]]\na = 2\nb = 3\n',
  ],
  ['a byte order mark', '\uFEFFa = 1\n', [set(['a'], 2), set(['b'], 3)], '\uFEFFa = 2\nb = 3\n'],
  [
    'quoted keys',
    '["m".\'f s\']\n"a b" = 1\n',
    [set(['m', 'f s', 'a b'], 2), set(['m', 'f s', 'ü'], 3)],
    '["m".\'f s\']\n"a b" = 2\n"ü" = 3\n',
  ],
]

describe('edits of TOML', () => {
  it.each(rows)('%s', (_, before, edits, after) => {
    const edited = editText(before, 'toml', edits)
    expect(edited).toMatchObject({ state: 'edited', text: after })
    if (edited.state === 'refused') return
    expect(spliced(before, edited.splices)).toBe(after)
    expect(spliced(after, inverse(before, edited.splices))).toBe(before)
  })

  it.each([
    ['malformed', 'a = hunter2', [set(['a'], 1)]],
    ['malformed', 'a = 1\na = 2', [set(['a'], 1)]],
    ['no-such-path', 'a = "hunter2"', [set(['a', 'b'], 1)]],
    ['no-such-path', 'a = ["x"]', [set(['a', 3], 1)]],
    ['not-expressible', 'a = 1', [set(['a'], null)]],
    ['not-expressible', '[a]\nb = 1', [set(['a'], { c: 1 })]],
    ['not-expressible', '[[a]]\nb = 1', [set(['a', 1], { c: 1 })]],
    [
      'not-expressible',
      '[[a]]\nb = 1',
      [set(['a', 0, 'x', 'y', 'z'], 1), set(['a', 0, 'b2'], { c: 1 }), insert(['a', 0], 'x')],
    ],
    ['not-expressible', 'e = { A.b = 1 }', [set(['e', 'A', 'c'], 1)]],
  ] as const)('refuses as %s: %s', (code, text, edits) => {
    const result = editText(text, 'toml', edits)
    expect(result).toMatchObject({ state: 'refused', code })
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })
})

describe('entries of Codex', () => {
  const text =
    '# mine\r\nmodel = "o"\r\n\r\n[mcp_servers.fs]\r\ncommand = "npx"\r\nargs = ["-y", \'fs@1.0.0\'] # pin\r\nenv_vars = ["B"]\r\n\r\n[mcp_servers.fs.env]\r\nA = "1"\r\n\r\n[tui]\r\nx = 1\r\n'
  const file = fileOf('codex', '{codex}/config.toml', text)
  const fs = { name: 'fs', project: null }
  const textOf = (edited: Edited) => (edited.state === 'edited' ? edited.text : `${edited.code}: ${edited.reason}`)

  it('are edited at the one place', () => {
    expect(textOf(setPackageVersion(file, fs, { name: 'fs', version: '1.0.1' }))).toBe(text.replace('1.0.0', '1.0.1'))
    expect(textOf(setDisabled(file, fs, true))).toBe(text.replace('["B"]\r\n', '["B"]\r\nenabled = false\r\n'))
    const values = new Map([
      ['A', 'x'],
      ['C', 'y'],
      ['B', null],
    ])
    expect(textOf(setEnvironment(file, fs, values))).toBe(
      text.replace('A = "1"', 'A = "x"\r\nC = "y"').replace('["B"]', '[]'),
    )
    expect(textOf(removeEntry(file, fs))).toBe('# mine\r\nmodel = "o"\r\n\r\n[tui]\r\nx = 1\r\n')
  })

  it('are added behind the others', () => {
    const added = addEntry(
      file,
      { name: 'n', project: null },
      { transport: 'stdio', command: 'x', args: ['a'], env: { K: 'v' }, cwd: null },
    )
    expect(textOf(added)).toBe(
      text.replace(
        '\r\n\r\n[tui]',
        '\r\n\r\n[mcp_servers.n]\r\ncommand = "x"\r\nargs = ["a"]\r\nenv = { K = "v" }\r\n\r\n[tui]',
      ),
    )
    const remote = addEntry(
      file,
      { name: 'n', project: null },
      { transport: 'http', url: 'https://h', headers: { A: 'b' } },
    )
    expect(textOf(remote)).toContain('[mcp_servers.n]\r\nurl = "https://h"\r\nhttp_headers = { A = "b" }\r\n')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseText } from '../client-formats/parse-text.ts'
import { isList, isMap, type Tree, type TreePath } from '../client-formats/tree.ts'
import { addEntry } from './add-entry.ts'
import { nested, treeAt } from './edit-tree.ts'
import { removeEntry, setArguments, setAutoApprove, setDisabled, setEnvironment, setUrl } from './entry-edits.ts'
import { type EntryFile, type EntryName, findEntry } from './entry-file.ts'
import { containerOf, shapeOf } from './entry-shapes.ts'
import { setPackageVersion } from './set-package-version.ts'
import { inverse, spliced } from './splices.ts'
import { diceOf } from './testing/dice-of.ts'
import { fileOf } from './testing/file-of.ts'
import { type Dice, messyText } from './testing/messy-text.ts'
import { type Edited, isRefused, type PlainValue } from './text-edit.ts'

const places = [
  ['claude-desktop', 'claude_desktop_config.json', null],
  ['claude-code', '.claude.json', null],
  ['claude-code', '.claude.json', '/srv/p'],
  ['cursor', '{home}/.cursor/mcp.json', null],
  ['vscode', '.vscode/mcp.json', null],
  ['windsurf', '/windsurf/mcp_config.json', null],
  ['codex', '{codex}/config.toml', null],
  ['gemini-cli', '{home}/.gemini/settings.json', null],
  ['zed', '.zed/settings.json', null],
  ['cline', '{cline}/', null],
  ['roo-code', '.roo/mcp.json', null],
  ['continue', '{continue}/config.yaml', null],
  ['jetbrains', '{home}/.junie/mcp/mcp.json', null],
  ['lm-studio', '.lmstudio/mcp.json', null],
] as const

const names = ['fs', 'git hub', 'ü', 'a.b', '//x']

/** A file of the client with some servers in it, and much else. */
function generated(client: EntryFile['client'], place: string, project: string | null, dice: Dice) {
  const file = fileOf(client, place, '')
  const count = 1 + (dice(5) >> 1)
  const entries = names
    .slice(0, count)
    .map((name, index) => [name, entryOf(file, index > 0 && dice(4) === 0, dice)] as const)
  const container = containerOf(file, new Map(), project)
  const listed =
    client === 'continue' ? entries.map(([name, entry]) => ({ name, ...entry })) : Object.fromEntries(entries)
  const root = {
    first: dice(9),
    ...Object(nested(container, listed)),
    other: { text: '"mcpServers": {', list: [1, 'x'] },
  }
  const text = messyText(root, file.location.format, dice)
  return { file: { ...file, text }, name: { name: names[dice(count)] ?? 'fs', project }, container }
}

function entryOf(file: EntryFile, isRemote: boolean, dice: Dice): Record<string, PlainValue> {
  const env = Object.fromEntries(['A', 'B C', 'D'].slice(0, dice(4)).map((key) => [key, `v ${dice(9)}'"\\`]))
  const args = ['-y', `pkg@1.0.${dice(9)}`, ...['/d', 'C:\\x', '#y', '']].slice(0, 2 + dice(5))
  const local = { transport: 'stdio', command: 'npx', args, env, cwd: null } as const
  const remote = shapeOf(file, { transport: 'http', url: 'https://h.example/mcp?a=1#b', headers: {} })
  const entry = isRemote && !isRefused(remote) ? remote : shapeOf(file, local)
  if (isRefused(entry)) throw new Error(entry.reason)
  return dice(3) === 0 ? { ...entry, unknown: { deep: [dice(9), null].slice(0, 1) } } : entry
}

type Act = (file: EntryFile, name: EntryName, args: readonly string[]) => Edited
const last = (args: readonly string[]) => args.length - 1
const local = { transport: 'stdio', command: 'uvx', args: ['n@1'], env: { K: 'v' }, cwd: null } as const
const acts: readonly (readonly [name: string, mayRefuse: boolean, loses: boolean, act: Act])[] = [
  ['version', false, false, (file, name) => setPackageVersion(file, name, { name: 'pkg', version: '2.0.1' })],
  [
    'argument',
    false,
    false,
    (file, name, args) =>
      setArguments(file, name, [{ kind: 'replace', index: last(args), from: args.at(-1) ?? '', to: "n'w" }]),
  ],
  [
    'arguments',
    false,
    false,
    (file, name, args) =>
      setArguments(file, name, [
        { kind: 'insert', index: 0, before: args[0] ?? null, text: 'new' },
        { kind: 'insert', index: args.length, before: null, text: 'end' },
      ]),
  ],
  [
    'no argument',
    false,
    true,
    (file, name, args) => setArguments(file, name, [{ kind: 'remove', index: last(args), from: args.at(-1) ?? '' }]),
  ],
  [
    'variables',
    false,
    false,
    (file, name) =>
      setEnvironment(
        file,
        name,
        new Map([
          ['A', 'x: #'],
          ['N', '1'],
        ]),
      ),
  ],
  [
    'no variable',
    false,
    true,
    (file, name) =>
      setEnvironment(
        file,
        name,
        new Map([
          ['B C', null],
          ['A', null],
        ]),
      ),
  ],
  ['off', true, false, (file, name) => setDisabled(file, name, true)],
  ['on', true, false, (file, name) => setDisabled(file, name, false)],
  ['approvals', true, false, (file, name) => setAutoApprove(file, name, ['*'])],
  ['url', true, false, (file, name) => setUrl(file, name, 'https://new.example')],
  ['removal', false, true, (file, name) => removeEntry(file, name)],
  ['addition', false, false, (file, name) => addEntry(file, { ...name, name: 'new one' }, local)],
]

const commentsIn = (text: string) => new Set(text.match(/c\d+\./g))

/** Everything but the entries that may change, and the lists of names that stand for them. */
function rest(file: EntryFile, text: string, container: TreePath, touched: readonly string[]): unknown {
  const parsed = parseText(text, file.location.format)
  if (parsed.state === 'refused') throw new Error(parsed.reason)
  const without = (tree: Tree, path: TreePath): unknown => {
    const here = path.join('\0')
    if (['mcp\0excluded', 'projects\0/srv/p\0allowedTools'].includes(here)) return undefined
    if (isList(tree)) {
      const kept =
        here === container.join('\0') ? tree.filter((each) => !touched.includes(String(treeAt(each, ['name'])))) : tree
      return kept.map((each, index) => without(each, [...path, index]))
    }
    if (!isMap(tree)) return tree
    const kept = [...tree].filter(([key]) => !(here === container.join('\0') && touched.includes(key)))
    const all = kept.map(([key, each]) => [key, without(each, [...path, key])] as const)
    // A table that holds nothing else may come or go with what it holds.
    return Object.fromEntries(all.filter(([, each]) => each !== undefined && JSON.stringify(each) !== '{}'))
  }
  return without(parsed.tree, [])
}

/** Back to the byte, and the same when made again. */
function expectEdited(file: EntryFile, edited: Edited, again: Edited): void {
  if (edited.state === 'refused') throw new Error(edited.reason)
  expect(spliced(file.text, edited.splices)).toBe(edited.text)
  expect(spliced(edited.text, inverse(file.text, edited.splices))).toBe(file.text)
  if (again.state === 'edited') expect(again.text).toBe(edited.text)
  else expect(again.code).toBe('no-such-path')
}

describe.each(places)('a thousand files of %s (%s, project %s)', (client, place, project) => {
  it('are edited where they are meant to be, once, and back to the byte', () => {
    let edits = 0
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...acts), (seed, [, mayRefuse, loses, act]) => {
        const { file, name, container } = generated(client, place, project, diceOf(seed))
        const found = findEntry(file, name)
        if (isRefused(found)) throw new Error(`${found.code}: ${found.reason}`)
        const { entry } = found
        const edited = act(file, name, entry.args)
        if (edited.state === 'refused') {
          // An entry with a URL has no arguments and no package.
          if (!mayRefuse && entry.command !== null) throw new Error(`${edited.code}: ${edited.reason}`)
          return
        }
        edits += 1
        expectEdited(file, edited, act({ ...file, text: edited.text }, name, entry.args))
        const touched = [name.name, 'new one']
        expect(rest(file, edited.text, container, touched)).toEqual(rest(file, file.text, container, touched))
        if (!loses) expect(commentsIn(edited.text)).toEqual(commentsIn(file.text))
      }),
      { numRuns: 1_000 },
    )
    expect(edits).toBeGreaterThan(550)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseText } from '../client-formats/parse-text.ts'
import { isList, isMap, type Tree, type TreePath } from '../client-formats/tree.ts'
import { addEntry } from './add-entry.ts'
import { treeAt } from './edit-tree.ts'
import { removeEntry, setArguments, setAutoApprove, setDisabled, setEnvironment, setUrl } from './entry-edits.ts'
import { type EntryFile, type EntryName, findEntry } from './entry-file.ts'
import { setPackageVersion } from './set-package-version.ts'
import { inverse, spliced } from './splices.ts'
import { diceOf } from './testing/dice-of.ts'
import { clientFiles, generatedFile } from './testing/generated-file.ts'
import { type Edited, isRefused } from './text-edit.ts'

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

describe.each(clientFiles)('a thousand files of %s (%s, project %s)', (client, place, project) => {
  it('are edited where they are meant to be, once, and back to the byte', () => {
    let edits = 0
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...acts), (seed, [, mayRefuse, loses, act]) => {
        const { file, name, container } = generatedFile(client, place, project, diceOf(seed))
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

import type { PlacedEntry } from '../client-formats/raw-entry.ts'
import { isList, isMap, type Tree, type TreePath } from '../client-formats/tree.ts'
import { confinementAmong } from '../confinement/confined-words.ts'
import { whereConfined } from './confine-entry.ts'
import { editText } from './edit-text.ts'
import { treeAt } from './edit-tree.ts'
import { type EntryFile, type EntryName, editEntry, findEntry } from './entry-file.ts'
import { type Edited, isRefused, type RefusedEdit, refused, type TextEdit } from './text-edit.ts'

/** One argument, by its place before any of the changes; `from` and `before` are what must stand there, null being the end. */
export type ArgumentChange =
  | { kind: 'replace'; index: number; from: string; to: string }
  | { kind: 'remove'; index: number; from: string }
  | { kind: 'insert'; index: number; before: string | null; text: string }

/** Replaces, takes away and puts in single arguments. One that is no longer what it was expected to be is left alone, and so are all. */
export function setArguments(file: EntryFile, name: EntryName, changes: readonly ArgumentChange[]): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const { args, places } = found.entry
  if (confinementAmong(args) !== null) return refused('not-expressible', whereConfined)
  // From the last to the first, so that no index moves before its turn; what is put in before an item comes after that item's own change.
  const inOrder = changes.toSorted(
    (a, b) => b.index - a.index || Number(a.kind === 'insert') - Number(b.kind === 'insert'),
  )
  const edits: TextEdit[] = []
  let wanted: readonly string[] = args
  for (const change of inOrder) {
    const edit = argumentEdit(args, places.args, change)
    if (edit === undefined) return refused('no-such-path', `argument ${change.index} is not what it was expected to be`)
    if (edit === null) continue
    edits.push(edit)
    wanted = changed(wanted, change)
  }
  return editEntry(file, name, edits, (entry) => isSameList(entry.args, wanted))
}

/** Null where it is made already, undefined where something else stands there. */
function argumentEdit(args: readonly string[], at: TreePath, change: ArgumentChange): TextEdit | null | undefined {
  const here = args[change.index] ?? null
  const path = [...at, change.index]
  if (change.kind === 'insert') {
    if (here === change.text && (args[change.index + 1] ?? null) === change.before) return null
    return here === change.before ? { kind: 'insert', path, value: change.text } : undefined
  }
  if (change.kind === 'replace' && here === change.to) return null
  if (here !== change.from) return undefined
  return change.kind === 'remove' ? { kind: 'remove', path } : { kind: 'set', path, value: change.to }
}

function changed(args: readonly string[], change: ArgumentChange): readonly string[] {
  if (change.kind === 'insert') return args.toSpliced(change.index, 0, change.text)
  return change.kind === 'remove' ? args.toSpliced(change.index, 1) : args.with(change.index, change.to)
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index])
}

/** Sets variables of the environment, or takes them away where the value is null; also from a list of variables that are passed on. */
export function setEnvironment(file: EntryFile, name: EntryName, values: ReadonlyMap<string, string | null>): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const { places } = found.entry
  const edits = [...values].flatMap(([key, value]): TextEdit[] => {
    if (value !== null) return [{ kind: 'set', path: [...places.env, key], value }]
    const passed = [...places.at, 'env_vars']
    return [{ kind: 'remove', path: [...places.env, key] }, ...removals(found.tree, passed, (each) => each === key)]
  })
  return editEntry(file, name, edits, ({ env }) =>
    [...values].every(([key, value]) => (env.get(key) ?? null) === value),
  )
}

/** Sets headers of an entry that has a URL, or takes them away where the value is null. */
export function setHeaders(file: EntryFile, name: EntryName, values: ReadonlyMap<string, string | null>): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const { url, places } = found.entry
  if (url === null) return refused('no-such-path', 'the entry has no URL')
  const edits = [...values].map(([key, value]): TextEdit => {
    const path = [...places.headers, key]
    return value === null ? { kind: 'remove', path } : { kind: 'set', path, value }
  })
  return editEntry(file, name, edits, ({ headers }) =>
    [...values].every(([key, value]) => (headers.get(key) ?? null) === value),
  )
}

/** Takes the items of a list away that a test picks out, the last first. */
function removals(tree: Tree, list: TreePath, picks: (item: Tree) => boolean): TextEdit[] {
  const items = treeAt(tree, list)
  if (!isList(items)) return []
  return items
    .flatMap((each, index): TextEdit[] => (picks(each) ? [{ kind: 'remove', path: [...list, index] }] : []))
    .reverse()
}

/** Sets the URL of an entry that has one. */
export function setUrl(file: EntryFile, name: EntryName, url: string): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  if (found.entry.url === null) return refused('no-such-path', 'the entry has no URL')
  const edit: TextEdit = { kind: 'set', path: found.entry.places.url, value: url }
  return editEntry(file, name, [edit], (entry) => entry.url === url)
}

/** Takes an entry out of its file. */
export function removeEntry(file: EntryFile, name: EntryName): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const { at } = found.entry.places
  if (at.length === 0) return refused('not-expressible', 'the file is the entry: the file itself is to be taken away')
  const edited = editText(file.text, file.location.format, [{ kind: 'remove', path: at }])
  if (edited.state === 'refused') return edited
  const left = findEntry({ ...file, text: edited.text }, name)
  return isRefused(left) && left.code === 'no-such-path'
    ? edited
    : refused('ambiguous', 'another entry of that name would be left')
}

/** Switches an entry off or on by its client's own key or list. Where the client has none, the caller takes the entry away instead. */
export function setDisabled(file: EntryFile, name: EntryName, disabled: boolean): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const edits = switchEdits(found.entry, found.tree, disabled)
  return isRefused(edits) ? edits : editEntry(file, name, edits, (entry) => entry.disabled === disabled)
}

function switchEdits(entry: PlacedEntry, tree: Tree, disabled: boolean): TextEdit[] | RefusedEdit {
  const { places, name } = entry
  if (places.switch === null) return noSwitch
  const { path } = places.switch
  if (places.switch.kind === 'key') {
    if (entry.disabled === disabled) return []
    return [{ kind: 'set', path, value: disabled === places.switch.off }]
  }
  if (!disabled) return removals(tree, path, (each) => each === name)
  if (places.switch.doubted) return doubtedSwitch
  const list = treeAt(tree, path)
  if (isList(list) && list.includes(name)) return []
  return [{ kind: 'set', path: [...path, isList(list) ? list.length : 0], value: name }]
}

const noSwitch = refused(
  'not-expressible',
  "the client's files have no key that switches a server off: the entry is to be taken away",
)
const doubtedSwitch = refused(
  'not-expressible',
  'the client was seen to start servers on its list of those that are off: the entry is to be taken away',
)

/** Makes `tools` the tools that are called without asking: `*` is all of them. */
export function setAutoApprove(file: EntryFile, name: EntryName, tools: readonly string[]): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const edits = approvalEdits(found.entry, found.tree, tools)
  if (isRefused(edits)) return edits
  return editEntry(file, name, edits, ({ autoApprove }) => isSameSet(autoApprove, tools))
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.every((each) => b.includes(each)) && b.every((each) => a.includes(each))
}

function approvalEdits(entry: PlacedEntry, tree: Tree, tools: readonly string[]): TextEdit[] | RefusedEdit {
  const { approvals } = entry.places
  if (approvals === null)
    return refused('not-expressible', "the client's files do not say which tools are called without asking")
  if (approvals.kind === 'shared')
    return refused('not-expressible', 'one setting stands for all servers of this client')
  if (approvals.kind === 'list') return approvedList(approvals.path, approvals.prefix, tree, tools)
  const all = tools.length === 1 && tools[0] === '*'
  if (!all && tools.length > 0) return refused('not-expressible', 'the client approves all tools of a server or none')
  const isThere = treeAt(tree, approvals.path) !== undefined
  return all || isThere ? [{ kind: 'set', path: approvals.path, value: all }] : []
}

function approvedList(path: TreePath, prefix: string | null, tree: Tree, tools: readonly string[]): TextEdit[] {
  const written = tools.map((tool) => (prefix === null ? tool : tool === '*' ? prefix : `${prefix}__${tool}`))
  const list = treeAt(tree, path)
  if (!isList(list)) return tools.length === 0 && !isOn(list) ? [] : [{ kind: 'set', path, value: written }]
  const isOwn = (item: Tree) =>
    typeof item === 'string' && (prefix === null || item === prefix || item.startsWith(`${prefix}__`))
  const lost = removals(tree, path, (item) => isOwn(item) && !written.includes(String(item)))
  const added = written.filter((tool, index) => !list.includes(tool) && written.indexOf(tool) === index)
  const end = list.length - lost.length
  return [...lost, ...added.map((value, index): TextEdit => ({ kind: 'set', path: [...path, end + index], value }))]
}

/** Whether something stands there that is no list: `true` means every tool. */
function isOn(value: Tree | undefined): boolean {
  return value !== undefined && value !== null && value !== false && !isMap(value)
}

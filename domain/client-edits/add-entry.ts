import type { PlacedEntry } from '../client-formats/raw-entry.ts'
import { isList, isMap, type Tree, type TreePath } from '../client-formats/tree.ts'
import { treeAt } from './edit-tree.ts'
import { type EntryFile, type EntryName, editEntry, entriesNamed, openFile } from './entry-file.ts'
import { containerOf, type NewServer, shapeOf } from './entry-shapes.ts'
import { type Edited, isRefused, type PlainValue, type RefusedEdit, refused, type TextEdit } from './text-edit.ts'

/** Declares a server as its client does, behind the ones that are there. One that is declared just so already is no change. */
export function addEntry(file: EntryFile, wanted: EntryName, server: NewServer): Edited {
  const opened = openFile(file)
  if (isRefused(opened)) return opened
  const [there] = entriesNamed(file, opened.tree, wanted)
  if (there !== undefined) return isSame(there, server) ? { state: 'edited', text: file.text, splices: [] } : taken
  const value = shapeOf(file, server)
  if (isRefused(value)) return value
  const edit = addition(opened.tree, containerOf(file, opened.tree, wanted.project), wanted.name, value, file.client)
  if (isRefused(edit)) return edit
  return editEntry(file, wanted, [edit], (entry) => isSame(entry, server))
}

const taken = refused('ambiguous', 'the name is taken in this file')

/** A member of the map of entries, or an item of a list whose items name themselves. */
function addition(
  tree: Tree,
  container: TreePath,
  name: string,
  value: Record<string, PlainValue>,
  client: EntryFile['client'],
): TextEdit | RefusedEdit {
  const there = treeAt(tree, container)
  const isListed = isList(there) || (client === 'continue' && !isMap(there))
  if (isListed) {
    return { kind: 'set', path: [...container, isList(there) ? there.length : 0], value: { name, ...value } }
  }
  if (treeAt(tree, [...container, name]) !== undefined) return taken
  return { kind: 'set', path: [...container, name], value }
}

function isSame(entry: PlacedEntry, server: NewServer): boolean {
  if (server.transport !== 'stdio') {
    return entry.command === null && entry.url === server.url && isSameMap(entry.headers, server.headers)
  }
  const isSameLine = entry.command === server.command && entry.args.join('\0') === server.args.join('\0')
  return isSameLine && entry.cwd === server.cwd && isSameMap(entry.env, server.env) && entry.url === null
}

function isSameMap(map: ReadonlyMap<string, string>, record: Readonly<Record<string, string>>): boolean {
  const members = Object.entries(record)
  return map.size === members.length && members.every(([key, value]) => map.get(key) === value)
}

import { isList, type Tree, type TreePath } from '../client-formats/tree.ts'
import { editText } from './edit-text.ts'
import { isSameTree, treeAt } from './edit-tree.ts'
import { type EntryFile, type EntryName, type FoundEntry, findEntry, openFile } from './entry-file.ts'
import { changesOf, editBack, plainOf } from './revert-edits.ts'
import { type Edited, isRefused, type RefusedEdit, refused, type TextEdit } from './text-edit.ts'

/**
 * Makes an entry what it is in another copy of the same file: key by key where it is there, put in again where it is not. What the client
 * keeps of it elsewhere in the file stays. The entry must be in the copy.
 */
export function restoreEntry(file: EntryFile, copy: EntryFile, name: EntryName): Edited {
  const was = findEntry(copy, name)
  if (isRefused(was)) return was
  const is = findEntry(file, name)
  if (isRefused(is) && is.code !== 'no-such-path') return is
  const wanted = ownTree(was)
  const edits = isRefused(is)
    ? putIn(file, was, wanted)
    : changesOf(wanted, ownTree(is), is.entry.places.at).map(editBack)
  if (isRefused(edits)) return edits
  const edited = editText(file.text, file.location.format, edits)
  if (edited.state === 'refused') return edited
  const made = findEntry({ ...file, text: edited.text }, name)
  if (!isRefused(made) && isSameTree(ownTree(made), wanted)) return edited
  return refused('not-expressible', 'the client would not read the entry as the copy has it')
}

/** What stands at the entry's own place. */
function ownTree({ tree, entry }: FoundEntry): Tree | undefined {
  return treeAt(tree, entry.places.at)
}

/** Behind the entries that are there: under its name, or at the end of a list whose items name themselves. */
function putIn(file: EntryFile, { entry }: FoundEntry, wanted: Tree | undefined): TextEdit[] | RefusedEdit {
  const last = entry.places.at.at(-1)
  if (last === undefined || wanted === undefined)
    return refused('not-expressible', 'the file is the entry, and something else lies there now')
  const container = entry.places.at.slice(0, -1)
  const now = treeNow(file, container)
  const key = typeof last === 'string' ? last : isList(now) ? now.length : 0
  const path = [...container, key]
  if (treeNow(file, path) !== undefined) return refused('ambiguous', 'something that is no entry has its name there')
  return [{ kind: 'set', path, value: plainOf(wanted) }]
}

function treeNow(file: EntryFile, path: TreePath): Tree | undefined {
  const opened = openFile(file)
  return isRefused(opened) ? undefined : treeAt(opened.tree, path)
}

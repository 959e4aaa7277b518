import type { ClientConfig } from '@upkeep/contract/observations/client-config'
import type { ConfigLocation } from '../client-formats/client-format.ts'
import { parseText } from '../client-formats/parse-text.ts'
import type { PlacedEntry } from '../client-formats/raw-entry.ts'
import type { Tree } from '../client-formats/tree.ts'
import { editText } from './edit-text.ts'
import { type Edited, isRefused, type RefusedEdit, refused, type TextEdit } from './text-edit.ts'

/** A file of a client: what it holds, where it lies, and what that place means to the client. */
export interface EntryFile {
  text: string
  path: string
  client: ClientConfig['client']
  location: ConfigLocation
}

/** Which entry of a file; `project` as its reader gives it. */
export interface EntryName {
  name: string
  project: string | null
}

/** One entry and the tree that it was read from. */
export interface FoundEntry {
  entry: PlacedEntry
  tree: Tree
}

/** The tree of a file that may be edited. */
export function openFile({ text, location }: EntryFile): { tree: Tree } | RefusedEdit {
  if (location.rewrittenBy !== undefined) {
    return refused('not-expressible', `the file is not edited: ${location.rewrittenBy} would undo it`)
  }
  const parsed = parseText(text, location.format, location.keep)
  return parsed.state === 'parsed' ? { tree: parsed.tree } : refused('malformed', parsed.reason)
}

/** The one entry of that name, or why there is not exactly one. */
export function findEntry(file: EntryFile, wanted: EntryName): FoundEntry | RefusedEdit {
  const opened = openFile(file)
  if (isRefused(opened)) return opened
  const [entry, ...others] = entriesNamed(file, opened.tree, wanted)
  if (entry === undefined) return refused('no-such-path', 'the file has no entry of that name')
  if (others.length > 0) return refused('ambiguous', 'the file has several entries of that name')
  return { entry, tree: opened.tree }
}

export function entriesNamed({ location, path }: EntryFile, tree: Tree, { name, project }: EntryName) {
  return location.read(tree, path).entries.filter((each) => each.name === name && each.project === project)
}

/** Makes edits of an entry, and reads it again as its client would: it must then be as it was meant to be. */
export function editEntry(
  file: EntryFile,
  wanted: EntryName,
  edits: readonly TextEdit[],
  isRight: (entry: PlacedEntry) => boolean,
): Edited {
  const edited = editText(file.text, file.location.format, edits)
  if (edited.state === 'refused') return edited
  const found = findEntry({ ...file, text: edited.text }, wanted)
  if (!isRefused(found) && isRight(found.entry)) return edited
  return refused('not-expressible', 'the client would not read the edited entry as it was meant')
}

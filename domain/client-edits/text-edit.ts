import type { TextFormat } from '../client-formats/parse-text.ts'
import type { TreePath } from '../client-formats/tree.ts'

/** What an edit may put into a file. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue }

/**
 * One edit at a path. `set` replaces a value, or creates the key at the end of its object, with the objects above it that are missing; an
 * index that is the length of its list adds to it. `insert` puts an item before the one at an index. `remove` takes a member away with
 * its comma and its own lines; a key that is not there is no fault, an index is.
 */
export type TextEdit =
  | { kind: 'set'; path: TreePath; value: PlainValue }
  | { kind: 'insert'; path: TreePath; value: PlainValue }
  | { kind: 'remove'; path: TreePath }

/** One stretch of a text that is replaced: `at` and `removed` count UTF-16 units of the text as it was before any of them. */
export interface Splice {
  at: number
  removed: number
  inserted: string
}

export type RefusedEdit = {
  state: 'refused'
  code: 'malformed' | 'no-such-path' | 'ambiguous' | 'not-expressible'
  /** Never text of the file: it may hold secrets. */
  reason: string
}

/** A text with its edits made, or why they were not. Splices lie in order and apart. */
export type Edited = { state: 'edited'; text: string; splices: readonly Splice[] } | RefusedEdit

/** How one format makes one edit: splices of the text that it is given, or why it cannot. */
export type EditFormat = (text: string, edit: TextEdit, format: TextFormat) => readonly Splice[] | RefusedEdit

export function refused(code: RefusedEdit['code'], reason: string): RefusedEdit {
  return { state: 'refused', code, reason }
}

export function isRefused<Other extends object>(result: Other | RefusedEdit): result is RefusedEdit {
  return 'state' in result && result.state === 'refused'
}

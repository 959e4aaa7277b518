import { parseText, type TextFormat } from '../client-formats/parse-text.ts'
import { isList, isMap, type Tree, type TreePath } from '../client-formats/tree.ts'
import { editText } from './edit-text.ts'
import { editTree, isRefusal, isSameTree, treeAt } from './edit-tree.ts'
import { lineHunks } from './line-hunks.ts'
import { inverse, spliced } from './splices.ts'
import { type PlainValue, type RefusedEdit, refused, type Splice, type TextEdit } from './text-edit.ts'

/** The text with our changes taken back; `left` are keys that somebody else changed too: those are as they found them. */
export type Reverted = { state: 'reverted'; text: string; left: readonly TreePath[] } | RefusedEdit

/**
 * Takes back what led from `before` to `ours` in a text that others have written since, and keeps what they changed: line by line to the
 * byte where their changes lie elsewhere, else key by key.
 */
export function revertEdits(before: string, ours: string, now: string, format: TextFormat): Reverted {
  if (now === ours) return { state: 'reverted', text: before, left: [] }
  const [old, made, found] = [before, ours, now].map((text) => parseText(text, format))
  if (old?.state !== 'parsed' || made?.state !== 'parsed' || found?.state !== 'parsed') {
    return refused('malformed', 'one of the texts is not well formed')
  }
  const changes = changesOf(old.tree, made.tree, [])
  const kinds = changes.map((change) => ({ change, kind: kindOf(change, made.tree, found.tree) }))
  const left = kinds.filter(({ kind }) => kind === 'left').map(({ change }) => change.path)
  const edits = kinds.filter(({ kind }) => kind === 'ours').map(({ change }) => editBack(change))
  const wanted = edited(found.tree, edits)
  if (isRefusal(wanted)) return wanted
  const byLines = left.length === 0 ? revertLines(before, ours, now) : null
  if (byLines !== null && means(byLines, format, wanted)) return { state: 'reverted', text: byLines, left }
  const byKeys = editText(now, format, edits)
  return byKeys.state === 'refused' ? byKeys : { state: 'reverted', text: byKeys.text, left }
}

/** One place at which two trees differ. */
export interface Change {
  path: TreePath
  before: Tree | undefined
  ours: Tree | undefined
}

/** What differs, as deep as both are maps, or lists of one length. */
export function changesOf(before: Tree | undefined, ours: Tree | undefined, path: TreePath): Change[] {
  if (isSameTree(before, ours)) return []
  if (isMap(before) && isMap(ours)) {
    const keys = new Set([...before.keys(), ...ours.keys()])
    return [...keys].flatMap((key) => changesOf(before.get(key), ours.get(key), [...path, key]))
  }
  if (isList(before) && isList(ours) && before.length === ours.length) {
    return before.flatMap((each, index) => changesOf(each, ours[index], [...path, index]))
  }
  return [{ path, before, ours }]
}

/** Whether a change still stands as we made it, is undone already, or was changed by somebody else. */
function kindOf({ path, before, ours }: Change, made: Tree, found: Tree): 'ours' | 'undone' | 'left' {
  const now = treeAt(found, path)
  const parent = path.slice(0, -1)
  const isThere = treeAt(found, parent) !== undefined || treeAt(made, parent) === undefined
  if (isSame(now, before)) return 'undone'
  return isSame(now, ours) && isThere ? 'ours' : 'left'
}

function isSame(a: Tree | undefined, b: Tree | undefined): boolean {
  return a === undefined || b === undefined ? a === b : isSameTree(a, b)
}

/** What makes a place again what it was before. */
export function editBack({ path, before }: Change): TextEdit {
  return before === undefined ? { kind: 'remove', path } : { kind: 'set', path, value: plainOf(before) }
}

/** A value as an edit takes it. */
export function plainOf(tree: Tree): PlainValue {
  if (isList(tree)) return tree.map(plainOf)
  return isMap(tree) ? Object.fromEntries([...tree].map(([key, each]) => [key, plainOf(each)])) : tree
}

function edited(tree: Tree, edits: readonly TextEdit[]): Tree | RefusedEdit {
  let result = tree
  for (const edit of edits) {
    const next = editTree(result, edit)
    if (isRefusal(next)) return next
    result = next
  }
  return result
}

function means(text: string, format: TextFormat, wanted: Tree): boolean {
  const parsed = parseText(text, format)
  return parsed.state === 'parsed' && isSameTree(parsed.tree, wanted)
}

/** Their lines and our lines back, both counted in our text; null where they meet. */
function revertLines(before: string, ours: string, now: string): string | null {
  const back = inverse(before, lineHunks(before, ours))
  const theirs = lineHunks(ours, now)
  const all = [...back, ...theirs].toSorted((a, b) => a.at - b.at || a.removed - b.removed)
  const meets = all.some((each, index) => overlaps(each, all[index + 1]))
  return meets ? null : spliced(ours, all)
}

function overlaps(splice: Splice, next: Splice | undefined): boolean {
  if (next === undefined) return false
  return splice.at + splice.removed > next.at || splice.at === next.at
}

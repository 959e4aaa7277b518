import { parseText, type TextFormat } from '../client-formats/parse-text.ts'
import { isList, isMap, type Tree, type TreePath } from '../client-formats/tree.ts'
import { editJson } from './edit-json.ts'
import { editToml } from './edit-toml.ts'
import { editTree, isPlainList, isRefusal, isSameTree, treeAt } from './edit-tree.ts'
import { editYaml } from './edit-yaml.ts'
import { spliced, splicePieces, splicesOf, wholeText } from './splices.ts'
import {
  type Edited,
  type EditFormat,
  isRefused,
  type PlainValue,
  type RefusedEdit,
  refused,
  type TextEdit,
} from './text-edit.ts'

const formats: Readonly<Record<TextFormat, EditFormat>> = {
  json: editJson,
  jsonc: editJson,
  toml: editToml,
  yaml: editYaml,
}

/**
 * Makes edits in a configuration text and changes nothing else: comments, order, white space, line endings and a byte order mark stay as
 * they are. What came of it is parsed again, and must mean the old text with just these edits; otherwise nothing is edited.
 */
export function editText(text: string, format: TextFormat, edits: readonly TextEdit[]): Edited {
  const parsed = parseText(text, format)
  if (parsed.state === 'refused') return refused('malformed', parsed.reason)
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const older = text.slice(mark.length)
  let tree = parsed.tree
  let newer = older
  let pieces = wholeText(older)
  for (const edit of edits) {
    const problem = unwritable(edit)
    if (problem !== null) return problem
    const wanted = editTree(tree, edit)
    if (isRefusal(wanted)) return wanted
    if (isNothing(tree, wanted, edit)) continue
    const splices = formats[format](newer, edit, format)
    if (isRefused(splices)) return splices
    pieces = splicePieces(pieces, splices)
    newer = spliced(newer, splices)
    tree = edit.kind === 'remove' && format === 'toml' ? vanished(wanted, newer, edit.path) : wanted
  }
  return checked({ text, mark, older, newer, pieces }, format, tree)
}

/** Whether an edit changes nothing: the value is there already, or the key is not. */
function isNothing(tree: Tree, wanted: Tree, { kind, path }: TextEdit): boolean {
  if (kind === 'insert') return false
  const [before, after] = [treeAt(tree, path), treeAt(wanted, path)]
  if (kind === 'remove') return wanted === tree
  return before !== undefined && isSameTree(before, after)
}

/** What no format can hold, or what would not survive being written as UTF-8. */
function unwritable(edit: TextEdit): RefusedEdit | null {
  if (edit.path.length === 0) return refused('no-such-path', 'the path is empty')
  const isFit = edit.path.every(isWritable) && (edit.kind === 'remove' || isWritable(edit.value))
  return isFit ? null : refused('not-expressible', 'a number that is not finite, or a text with half a character')
}

function isWritable(value: PlainValue): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (value === null || typeof value === 'boolean') return true
  if (isPlainList(value)) return value.every(isWritable)
  return Object.entries(value).every(([key, each]) => key.isWellFormed() && isWritable(each))
}

/** In TOML a table that nothing stands in may be gone with what stood in it: then it counts as taken away too. */
function vanished(wanted: Tree, newer: string, path: TreePath): Tree {
  const parent = path.slice(0, -1)
  const parsed = parseText(newer, 'toml')
  const value = treeAt(wanted, parent)
  const isEmpty = (isMap(value) && value.size === 0) || (isList(value) && value.length === 0)
  if (parent.length === 0 || parsed.state === 'refused' || !isEmpty || treeAt(parsed.tree, parent) !== undefined) {
    return wanted
  }
  const without = editTree(wanted, { kind: 'remove', path: parent })
  return isRefusal(without) ? wanted : vanished(without, newer, parent)
}

interface Made {
  text: string
  mark: string
  older: string
  newer: string
  pieces: ReturnType<typeof wholeText>
}

/** The safety net: whatever the splices did, the text must mean what was asked for. */
function checked({ text, mark, older, newer, pieces }: Made, format: TextFormat, wanted: Tree): Edited {
  const splices = splicesOf(pieces, older).map((each) => ({ ...each, at: each.at + mark.length }))
  if (splices.length === 0) return { state: 'edited', text, splices }
  const made = mark + newer
  const parsed = parseText(made, format)
  const isRight = parsed.state === 'parsed' && isSameTree(parsed.tree, wanted)
  if (!isRight || spliced(text, splices) !== made) return notRight
  return { state: 'edited', text: made, splices }
}

const notRight: RefusedEdit = refused(
  'not-expressible',
  'the edit cannot be made in this text without changing something else',
)

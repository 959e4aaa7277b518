import type { TreePath } from '../client-formats/tree.ts'
import { addMember, insertItem, type NewMember } from './add-json.ts'
import { addToml } from './add-toml.ts'
import { nested } from './edit-tree.ts'
import { removeMember } from './remove-json.ts'
import { removeTables } from './remove-toml.ts'
import { type PlainValue, type RefusedEdit, refused, type Splice, type TextEdit } from './text-edit.ts'
import { endingAt, endingBefore, lineEnd, lineStart } from './text-lines.ts'
import {
  branchOf,
  type InValue,
  inValue,
  startsWith,
  type TomlHolder,
  type TomlPair,
  tomlPlaces,
} from './toml-places.ts'
import { styleAt } from './write-json.ts'
import { holdsNull, writeKey, writeLike, writeToml } from './write-toml.ts'

/** Makes one edit in TOML. The text is well formed, and the edit fits what it means. */
export function editToml(text: string, edit: TextEdit): readonly Splice[] | RefusedEdit {
  if (edit.kind !== 'remove' && holdsNull(edit.value)) return refused('not-expressible', 'TOML has no null')
  const places = tomlPlaces(text)
  const pair = places.pairs.find(({ path }) => startsWith(edit.path, path))
  if (pair !== undefined) return editPair(text, pair, edit)
  const isTable = [...places.pairs.map(({ path }) => path), ...places.tables.map((table) => table.resolvedKey)].some(
    (path) => startsWith(path, edit.path),
  )
  if (edit.kind === 'remove') return isTable ? removeTables(text, places, edit.path) : []
  if (isTable) return refused('not-expressible', 'a table or a list of tables stands at the path')
  return addToml(text, places, edit.path, edit.value)
}

function editPair(text: string, pair: TomlPair, edit: TextEdit): readonly Splice[] | RefusedEdit {
  const found = inValue(pair.node.value, edit.path.slice(pair.path.length))
  if (found.kind === 'unclear')
    return refused('not-expressible', 'dotted keys inside an inline table stand on the path')
  if (edit.kind === 'remove') return removeFound(text, pair, found)
  if (found.kind === 'missing') return addInside(text, found.holder, found.rest, edit.value)
  if (edit.kind === 'insert') {
    if (found.holder?.type !== 'TOMLArray') return refused('no-such-path', 'only items of a list are inserted')
    return insertItem(text, branchOf(found.holder), found.index, member(text, found.holder, writeToml(edit.value)))
  }
  const [start, end] = found.node.range
  const { node } = found
  const style = node.type === 'TOMLValue' && node.kind === 'string' && !node.multiline ? node.style : 'basic'
  return [{ at: start, removed: end - start, inserted: writeLike(edit.value, style) }]
}

function removeFound(text: string, { node }: TomlPair, found: InValue): readonly Splice[] | RefusedEdit {
  if (found.kind !== 'value') return []
  if (found.holder !== null) return removeMember(text, branchOf(found.holder), found.index)
  return [cutLines(text, node.range[0], node.range[1])]
}

/** The lines from one offset to another; of the last lines of a text without an ending, the ending before them. */
export function cutLines(text: string, from: number, to: number): Splice {
  const start = lineStart(text, from)
  const end = lineEnd(text, to)
  const ending = endingAt(text, end).length
  const at = ending === 0 ? start - endingBefore(text, start).length : start
  return { at, removed: end + ending - at, inserted: '' }
}

function addInside(text: string, holder: TomlHolder, rest: TreePath, value: PlainValue): readonly Splice[] {
  const [key] = rest
  const written = writeToml(nested(rest.slice(1), value))
  const head = typeof key === 'string' ? `${writeKey(key)} = ` : ''
  return addMember(text, branchOf(holder), member(text, holder, head + written))
}

/** Lists of TOML may stand on lines; an empty one, and an inline table, stays on its own. */
function member(text: string, holder: TomlHolder, written: string): NewMember {
  const branch = branchOf(holder)
  const style = styleAt(text, [branch])
  const lines = style.lines && branch.members.length > 0
  return { style: { ...style, lines, gap: style.gap || ' ' }, write: () => written }
}

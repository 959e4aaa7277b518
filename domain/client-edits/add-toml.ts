import type { AST } from 'toml-eslint-parser'
import type { TreePath } from '../client-formats/tree.ts'
import { isPlainList, nested } from './edit-tree.ts'
import { type PlainValue, type RefusedEdit, refused, type Splice } from './text-edit.ts'
import { endingNear, indentAt, lineEnd } from './text-lines.ts'
import { startsWith, type TomlPair, type TomlPlaces } from './toml-places.ts'
import { writeKey, writeToml } from './write-toml.ts'

/** Where a new key goes: below which table that is there, and with which value. */
interface Addition {
  text: string
  places: TomlPlaces
  parent: TreePath
  key: string
  value: PlainValue
}

/** Creates a key, and the tables above it that are missing. */
export function addToml(
  text: string,
  places: TomlPlaces,
  path: TreePath,
  value: PlainValue,
): readonly Splice[] | RefusedEdit {
  const known = [
    ...places.pairs.map((pair) => pair.path.slice(0, -1)),
    ...places.tables.map((each) => each.resolvedKey),
  ]
  let depth = path.length - 1
  while (depth > 0 && !known.some((each) => startsWith(each, path.slice(0, depth)))) depth -= 1
  const key = path[depth]
  if (typeof key !== 'string') return refused('not-expressible', 'a list of tables is not added to')
  return add({ text, places, parent: path.slice(0, depth), key, value: nested(path.slice(depth + 1), value) })
}

function add(addition: Addition): readonly Splice[] | RefusedEdit {
  const { text, places, parent, key, value } = addition
  const header = places.tables.findLast((table) => isSamePath(table.resolvedKey, parent))
  const dotted = places.pairs.findLast((pair) => startsWith(pair.path, parent) && depthOf(pair.table) < parent.length)
  const isObject = typeof value === 'object' && value !== null && !isPlainList(value)
  const hasTables = places.tables.some(
    ({ resolvedKey }) => resolvedKey.length > parent.length && startsWith(resolvedKey, parent),
  )
  const wantsTable = isObject && (hasTables || parent.length === 0 || (header === undefined && dotted === undefined))
  if (wantsTable) return addTable(addition, [...parent, key], Object.entries(value))
  if (header !== undefined) return [addLine(text, places, header, writeKey(key), value)]
  if (parent.length === 0) return [addAtTop(text, places, key, value)]
  if (dotted !== undefined) return [addDotted(text, dotted, addition)]
  return addTable(addition, parent, [[key, value]])
}

function depthOf(table: AST.TOMLTable | null): number {
  return table === null ? 0 : table.resolvedKey.length
}

function isSamePath(a: TreePath, b: TreePath): boolean {
  return a.length === b.length && startsWith(a, b)
}

/** A line behind the last one of a table, or behind its header. */
function addLine(text: string, places: TomlPlaces, header: AST.TOMLTable, key: string, value: PlainValue): Splice {
  const last = places.pairs.findLast(({ table }) => table === header)
  if (last !== undefined) return lineBehind(text, last, key, value)
  const at = lineEnd(text, header.range[0])
  return {
    at,
    removed: 0,
    inserted: `${endingNear(text, at)}${indentAt(text, header.range[0])}${key} = ${writeToml(value)}`,
  }
}

function lineBehind(text: string, { node }: TomlPair, key: string, value: PlainValue): Splice {
  const at = lineEnd(text, node.range[1])
  const between = text.slice(node.key.range[1], node.value.range[0])
  const equals = /^ ?= ?$/.test(between) ? between : ' = '
  const inserted = `${endingNear(text, at)}${indentAt(text, node.range[0])}${key}${equals}${writeToml(value)}`
  return { at, removed: 0, inserted }
}

/** Keys of no table stand before the first header. */
function addAtTop(text: string, places: TomlPlaces, key: string, value: PlainValue): Splice {
  const last = places.pairs.findLast(({ table }) => table === null)
  if (last !== undefined) return lineBehind(text, last, writeKey(key), value)
  const line = `${writeKey(key)} = ${writeToml(value)}`
  if (places.tables.length > 0) return { at: 0, removed: 0, inserted: `${line}${endingNear(text, 0)}` }
  return atEnd(text, line, 1)
}

/** Behind the last key that is dotted in the same way. */
function addDotted(text: string, last: TomlPair, { parent, key, value }: Addition): Splice {
  const own = parent.length - depthOf(last.table)
  const keys = last.node.key.keys
  const head = text.slice(last.node.key.range[0], keys[own - 1]?.range[1])
  return lineBehind(text, last, `${head}.${writeKey(key)}`, value)
}

/** A table with a header of its own, behind the last of its kin. */
function addTable(
  { text, places, parent }: Addition,
  path: TreePath,
  members: readonly (readonly [string, PlainValue])[],
): readonly Splice[] | RefusedEdit {
  if (path.some((step) => typeof step === 'number')) {
    return refused('not-expressible', 'a table inside a list of tables is not added')
  }
  const kin = places.tables.findLast(({ resolvedKey }) => startsWith(resolvedKey, parent))
  const near = kin === undefined ? 0 : kin.range[0]
  const lines = [
    `[${path.map((step) => writeKey(String(step))).join('.')}]`,
    ...members.map(([key, value]) => `${writeKey(key)} = ${writeToml(value)}`),
  ]
  const indent = kin === undefined ? '' : indentAt(text, near)
  const ending = endingNear(text, near)
  const section = lines.map((line) => indent + line).join(ending)
  if (kin === undefined || parent.length === 0) return [atEnd(text, section, 2)]
  return [{ at: lineEnd(text, kin.range[1]), removed: 0, inserted: `${ending}${ending}${section}` }]
}

/** Behind all that stands in the text, before the white space at its end. */
function atEnd(text: string, added: string, endings: number): Splice {
  const at = text.trimEnd().length
  const ending = endingNear(text, at)
  if (at === 0) return { at, removed: 0, inserted: `${added}${text === '' ? ending : ''}` }
  return { at, removed: 0, inserted: `${ending.repeat(endings)}${added}` }
}

import { type AST, parseTOML } from 'toml-eslint-parser'
import type { TreePath } from '../client-formats/tree.ts'
import type { JsonBranch } from './json-places.ts'

/** A `key = value` on its own line, with its whole path; `table` is the header it stands under, null at the top. */
export interface TomlPair {
  path: TreePath
  node: AST.TOMLKeyValue
  table: AST.TOMLTable | null
}

/** A TOML text as what stands on lines of its own. */
export interface TomlPlaces {
  pairs: readonly TomlPair[]
  tables: readonly AST.TOMLTable[]
}

export function tomlPlaces(text: string): TomlPlaces {
  const nodes = parseTOML(text).body[0].body
  const tables = nodes.filter((node) => node.type === 'TOMLTable')
  const pairs = nodes.flatMap((node) =>
    node.type === 'TOMLTable' ? node.body.map((pair) => pairOf(pair, node)) : [pairOf(node, null)],
  )
  return { pairs, tables }
}

function pairOf(node: AST.TOMLKeyValue, table: AST.TOMLTable | null): TomlPair {
  return { path: [...(table?.resolvedKey ?? []), ...keysOf(node)], node, table }
}

/** The keys of a pair: more than one where they are dotted. */
export function keysOf({ key }: AST.TOMLKeyValue): readonly string[] {
  return key.keys.map((each) => (each.type === 'TOMLBare' ? each.name : each.value))
}

export function startsWith(path: TreePath, head: TreePath): boolean {
  return head.length <= path.length && head.every((step, index) => step === path[index])
}

/** Where a path leads inside a value: to a value with the list or inline table that holds it, or to what is missing there. */
export type InValue =
  | { kind: 'value'; node: AST.TOMLContentNode; holder: TomlHolder | null; index: number }
  | { kind: 'missing'; holder: TomlHolder; rest: TreePath }
  | { kind: 'unclear' }

export type TomlHolder = AST.TOMLArray | AST.TOMLInlineTable

export function inValue(
  node: AST.TOMLContentNode,
  rest: TreePath,
  holder: TomlHolder | null = null,
  index = 0,
): InValue {
  const [step] = rest
  if (step === undefined) return { kind: 'value', node, holder, index }
  if (node.type === 'TOMLArray' && typeof step === 'number') {
    const item = node.elements[step]
    return item === undefined ? { kind: 'missing', holder: node, rest } : inValue(item, rest.slice(1), node, step)
  }
  if (node.type !== 'TOMLInlineTable') return { kind: 'unclear' }
  const at = node.body.findIndex((pair) => startsWith(rest, keysOf(pair)))
  const pair = node.body[at]
  if (pair !== undefined) return inValue(pair.value, rest.slice(keysOf(pair).length), node, at)
  // Dotted keys inside an inline table share their parents.
  const isShared = node.body.some((each) => keysOf(each).length > 1 && keysOf(each)[0] === step)
  return isShared ? { kind: 'unclear' } : { kind: 'missing', holder: node, rest }
}

/** A list or inline table as its members stand. */
export function branchOf(holder: TomlHolder): JsonBranch {
  const nodes = holder.type === 'TOMLArray' ? holder.elements : holder.body
  const members = nodes.map(({ range: [start, end] }) => ({ key: null, keyStart: start, keyEnd: start, start, end }))
  const kind = holder.type === 'TOMLArray' ? 'list' : 'object'
  return { kind, start: holder.range[0], end: holder.range[1], members }
}

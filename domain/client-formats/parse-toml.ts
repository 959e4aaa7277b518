import { type AST, ParseError, parseTOML } from 'toml-eslint-parser'
import { lineAndColumn, maxDepth, type Parsed, refusal, type Tree } from './tree.ts'

type Branch = Map<string, Tree> | Tree[]

/** Parses TOML. Its rules already refuse duplicate keys; the parser's messages quote the text, so only the position is passed on. */
export function parseToml(text: string): Parsed {
  try {
    const root = new Map<string, Tree>()
    for (const node of parseTOML(text).body[0].body) {
      if (node.type === 'TOMLKeyValue') assign(root, keysOf(node.key), treeOf(node.value, 0))
      else fillTable(root, node)
    }
    return { state: 'parsed', tree: root, problems: [] }
  } catch (thrown) {
    if (thrown instanceof ParseError) {
      return refusal('malformed', `not well formed TOML, ${lineAndColumn(thrown.lineNumber, thrown.column + 1)}`)
    }
    if (thrown instanceof RangeError || thrown instanceof TooDeep) {
      return refusal('too-deep', `values are nested deeper than ${maxDepth}`)
    }
    throw thrown
  }
}

class TooDeep extends Error {}

function fillTable(root: Map<string, Tree>, table: AST.TOMLTable): void {
  const path = table.resolvedKey
  reach(root, path, false)
  for (const pair of table.body) assign(root, [...path, ...keysOf(pair.key)], treeOf(pair.value, path.length))
}

function keysOf(key: AST.TOMLKey): string[] {
  return key.keys.map((each) => (each.type === 'TOMLBare' ? each.name : each.value))
}

/** Puts a value at a path, making the tables on the way. */
function assign(root: Branch, path: readonly (string | number)[], value: Tree): void {
  const last = path.at(-1)
  if (last !== undefined) put(reach(root, path.slice(0, -1), typeof last === 'number'), last, value)
}

/** The table or list at a path, made where it is missing. */
function reach(root: Branch, path: readonly (string | number)[], endsInList: boolean): Branch {
  if (path.length > maxDepth) throw new TooDeep()
  let here: Branch = root
  for (const [index, step] of path.entries()) {
    const isList = index === path.length - 1 ? endsInList : typeof path[index + 1] === 'number'
    const next: Branch = branchAt(here, step) ?? (isList ? [] : new Map<string, Tree>())
    put(here, step, next)
    here = next
  }
  return here
}

function branchAt(branch: Branch, step: string | number): Branch | undefined {
  const found = Array.isArray(branch) ? branch[Number(step)] : branch.get(String(step))
  if (found instanceof Map) return found
  return Array.isArray(found) ? found : undefined
}

function put(branch: Branch, step: string | number, value: Tree): void {
  if (Array.isArray(branch)) branch[Number(step)] = value
  else branch.set(String(step), value)
}

function treeOf(node: AST.TOMLContentNode, depth: number): Tree {
  if (depth > maxDepth) throw new TooDeep()
  if (node.type === 'TOMLArray') return node.elements.map((each) => treeOf(each, depth + 1))
  if (node.type === 'TOMLInlineTable') {
    const table = new Map<string, Tree>()
    for (const pair of node.body) assign(table, keysOf(pair.key), treeOf(pair.value, depth + 1))
    return table
  }
  if (node.kind === 'string' || node.kind === 'boolean') return node.value
  if (node.kind === 'integer' || node.kind === 'float') return Number(node.value)
  return node.datetime
}

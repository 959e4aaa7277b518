/**
 * A parsed configuration text: scalars, lists and maps, the same for JSON, TOML and YAML. Maps are `Map`s, so that keys such as
 * `__proto__` are ordinary, and keep the order of the file.
 */
export type Tree = string | number | boolean | null | readonly Tree[] | TreeMap
export type TreeMap = ReadonlyMap<string, Tree>

/** Keys by their text, list items by their index, from the root of a file. */
export type TreePath = readonly (string | number)[]

/** Something in a file that was not understood: where, and what was expected. Never text of the file beyond names of keys. */
export interface Problem {
  at: string
  problem: string
}

/** What came of parsing: a tree with its problems, or why there is none. Lines and columns count from 1. */
export type Parsed =
  | { state: 'parsed'; tree: Tree; problems: readonly Problem[] }
  | { state: 'refused'; code: 'malformed' | 'too-deep' | 'too-large'; reason: string }

/** Values nested deeper than this are refused: no client's format comes near it. */
export const maxDepth = 100

/** At most so many problems of one file are kept. */
export const maxProblems = 100

export function isMap(tree: Tree | undefined): tree is TreeMap {
  return tree instanceof Map
}

export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree)
}

/** The value at a path of keys, or undefined where the path leads nowhere. */
export function at(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let here = tree
  for (const key of path) {
    if (!isMap(here)) return undefined
    here = here.get(key)
  }
  return here
}

/** One text for one meaning: keys sorted, no white space. For keyed hashes only; it holds the values. */
export function treeText(tree: Tree): string {
  if (isList(tree)) return `[${tree.map(treeText).join(',')}]`
  if (!isMap(tree)) return JSON.stringify(tree)
  const members = [...tree].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${treeText(value)}`).join(',')}}`
}

export function refusal(code: 'malformed' | 'too-deep' | 'too-large', reason: string): Parsed {
  return { state: 'refused', code, reason }
}

export function lineAndColumn(line: number, column: number): string {
  return `line ${line}, column ${column}`
}

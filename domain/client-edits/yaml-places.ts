import { isAlias, isCollection, isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { readYaml } from '../client-formats/parse-yaml.ts'
import type { TreePath } from '../client-formats/tree.ts'
import type { JsonBranch } from './json-places.ts'
import { type RefusedEdit, refused } from './text-edit.ts'
import { lineStart } from './text-lines.ts'

/** A map or list of a YAML text. */
export type YamlBranch = YAMLMap | YAMLSeq

/** How far a path leads: the maps and lists on it, the index of the member it names in the last one, and what of it is missing. */
export interface YamlReached {
  chain: readonly YamlBranch[]
  /** The node that the path leads to; null for a key without a value. */
  node: unknown
  index: number
  missing: TreePath
}

export function reachYaml(text: string, path: TreePath): YamlReached | RefusedEdit {
  const read = readYaml(text)
  if ('state' in read) return refused('malformed', 'not well formed')
  const chain: YamlBranch[] = []
  let node: unknown = read.document.contents
  let index = -1
  for (const [depth, step] of path.entries()) {
    if (isAlias(node))
      return refused('ambiguous', 'the path leads through an alias: what stands there is shared with other places')
    if (!isCollection(node) || !(isMap(node) || isSeq(node))) return { chain, node, index, missing: path.slice(depth) }
    chain.push(node)
    const found = indexesOf(node, step)
    if (found.length > 1) return refused('ambiguous', 'a key on the path stands twice in one map')
    if (found[0] === undefined) return { chain, node: null, index: -1, missing: path.slice(depth) }
    index = found[0]
    node = valueAt(node, index)
  }
  if (isAlias(node)) return refused('ambiguous', 'an alias stands at the path')
  return { chain, node, index, missing: [] }
}

function indexesOf(branch: YamlBranch, step: string | number): number[] {
  if (isSeq(branch)) return typeof step === 'number' && step < branch.items.length ? [step] : []
  return branch.items.flatMap(({ key }, index) => (isScalar(key) && String(key.value) === step ? [index] : []))
}

function valueAt(branch: YamlBranch, index: number): unknown {
  return isMap(branch) ? branch.items[index]?.value : branch.items[index]
}

/** Where a member begins and where what it holds ends; a block text ends behind its last line ending. */
export function memberRange(branch: YamlBranch, index: number): { start: number; end: number } {
  const item = branch.items[index]
  if (!isMap(branch)) return { start: startOf(item), end: endOf(item) }
  const pair: Pair | undefined = branch.items[index]
  return { start: startOf(pair?.key), end: Math.max(endOf(pair?.key), endOf(pair?.value)) }
}

export function startOf(node: unknown): number {
  return rangeOf(node)?.[0] ?? 0
}

/** Where what a node holds ends: comments and empty lines behind it are not part of it. */
export function endOf(node: unknown): number {
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) {
    return memberRange(node, node.items.length - 1).end
  }
  return rangeOf(node)?.[1] ?? 0
}

function rangeOf(node: unknown): readonly number[] | null {
  return isScalar(node) || isAlias(node) || isCollection(node) ? (node.range ?? null) : null
}

/** What stands before a member on its line. */
export function leadOf(text: string, branch: YamlBranch, index: number): string {
  const { start } = memberRange(branch, index)
  return text.slice(lineStart(text, start), start)
}

/** A flow map or list as its members stand. */
export function flowBranch(branch: YamlBranch): JsonBranch {
  const members = branch.items.map((_, index) => {
    const { start, end } = memberRange(branch, index)
    return { key: null, keyStart: start, keyEnd: start, start, end }
  })
  return { kind: isMap(branch) ? 'object' : 'list', start: startOf(branch), end: endOf(branch), members }
}

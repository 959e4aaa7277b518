import { isList, isMap, type Tree, type TreePath } from '../client-formats/tree.ts'
import { type PlainValue, type RefusedEdit, refused, type TextEdit } from './text-edit.ts'

/** A value as the parsers would have read it. */
export function treeOf(value: PlainValue): Tree {
  if (value === null || typeof value !== 'object') return value
  if (isPlainList(value)) return value.map(treeOf)
  return new Map(Object.entries(value).map(([key, each]) => [key, treeOf(each)]))
}

export function isPlainList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value)
}

/** Whether two trees mean the same: the order of keys means nothing. */
export function isSameTree(a: Tree | undefined, b: Tree | undefined): boolean {
  if (isMap(a)) {
    return isMap(b) && a.size === b.size && [...a].every(([key, each]) => b.has(key) && isSameTree(each, b.get(key)))
  }
  if (isList(a)) return isList(b) && a.length === b.length && a.every((each, index) => isSameTree(each, b[index]))
  return Object.is(a, b) || a === b
}

/** The value at a path, or undefined. */
export function treeAt(tree: Tree | undefined, path: TreePath): Tree | undefined {
  let here = tree
  for (const step of path) {
    if (typeof step === 'string' && isMap(here)) here = here.get(step)
    else if (typeof step === 'number' && isList(here)) here = here[step]
    else return undefined
  }
  return here
}

/** What a tree is after an edit: the measure that every edit of a text is held to. An absent or empty value makes room for a new parent. */
export function editTree(tree: Tree, edit: TextEdit): Tree | RefusedEdit {
  return edited(tree, edit, 0) ?? tree
}

/** Undefined where there is nothing to take away. */
function edited(tree: Tree | undefined, edit: TextEdit, depth: number): Tree | RefusedEdit | undefined {
  const step = edit.path[depth]
  if (step === undefined) return edit.kind === 'set' ? treeOf(edit.value) : refused('no-such-path', 'the path is empty')
  if (tree === undefined || tree === null) {
    if (edit.kind === 'remove') return undefined
    return edited(typeof step === 'number' ? [] : new Map(), edit, depth)
  }
  if (typeof step === 'number') return isList(tree) ? inList(tree, step, edit, depth) : mismatch('list')
  return isMap(tree) ? inMap(tree, step, edit, depth) : mismatch('object')
}

function mismatch(kind: 'list' | 'object'): RefusedEdit {
  return refused('no-such-path', `a value that is no ${kind} stands on the path`)
}

function inMap(map: ReadonlyMap<string, Tree>, key: string, edit: TextEdit, depth: number) {
  if (depth === edit.path.length - 1) {
    if (edit.kind === 'insert') return refused('no-such-path', 'only items of a list are inserted')
    if (edit.kind === 'remove') return map.has(key) ? new Map([...map].filter(([each]) => each !== key)) : undefined
  }
  const value = edited(map.get(key), edit, depth + 1)
  return value === undefined || isRefusal(value) ? value : new Map([...map, [key, value]])
}

function inList(list: readonly Tree[], index: number, edit: TextEdit, depth: number) {
  const adds = edit.kind !== 'remove' && index === list.length
  if (!(index < list.length || adds) || index < 0) return refused('no-such-path', 'the list is shorter than the index')
  if (depth === edit.path.length - 1 && edit.kind !== 'set') {
    return list.toSpliced(
      index,
      edit.kind === 'remove' ? 1 : 0,
      ...(edit.kind === 'insert' ? [treeOf(edit.value)] : []),
    )
  }
  const value = edited(list[index], edit, depth + 1)
  return value === undefined || isRefusal(value) ? value : list.toSpliced(index, 1, value)
}

export function isRefusal(value: Tree | RefusedEdit | undefined): value is RefusedEdit {
  return typeof value === 'object' && value !== null && 'state' in value
}

/** The value with the objects and lists around it that a path still lacks. */
export function nested(missing: TreePath, value: PlainValue): PlainValue {
  return missing.reduceRight<PlainValue>(
    (inner, step) => (typeof step === 'number' ? [inner] : Object.fromEntries([[step, inner]])),
    value,
  )
}

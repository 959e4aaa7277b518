import { isList, isMap, type Tree } from './tree.ts'

/** The same tree with what stands for something put in: `${extensionPath}` and the like, by what it is written as. Nothing else is expanded. */
export function fillIn(tree: Tree, values: Readonly<Record<string, string>>): Tree {
  if (typeof tree === 'string') {
    return Object.entries(values).reduce((text, [written, value]) => text.replaceAll(written, () => value), tree)
  }
  if (isList(tree)) return tree.map((each) => fillIn(each, values))
  if (!isMap(tree)) return tree
  return new Map([...tree].map(([key, value]): [string, Tree] => [key, fillIn(value, values)]))
}

/** How a variable is written in braces. */
export function variableOf(name: string): string {
  return ['$', '{', name, '}'].join('')
}

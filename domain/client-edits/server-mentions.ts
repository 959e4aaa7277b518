import { isList, isMap, type Tree, type TreePath } from '../client-formats/tree.ts'

const deepest = 8
/** Lists of names of servers, beside those that declare them. */
const nameLists = new Set([
  'disabledMcpServers',
  'enabledMcpServers',
  'disabledMcpjsonServers',
  'enabledMcpjsonServers',
])

/**
 * Where a client's settings name a server without declaring it: in lists of servers that are on or off, and in lists of tools, where `mcp__name`
 * is all tools of a server and `mcp__name__tool` one. The paths of the items, the last of each list first.
 */
export function mentionsOf(tree: Tree, server: string): TreePath[] {
  const found: TreePath[] = []
  walk(tree, [], (list, path) => {
    const isNameList = nameLists.has(String(path.at(-1)))
    for (const [index, item] of [...list.entries()].reverse())
      if (typeof item === 'string' && (isTool(item, server) || (isNameList && item === server)))
        found.push([...path, index])
  })
  return found
}

function isTool(item: string, server: string): boolean {
  return item === `mcp__${server}` || item.startsWith(`mcp__${server}__`)
}

function walk(tree: Tree, path: TreePath, onList: (list: readonly Tree[], path: TreePath) => void): void {
  if (path.length > deepest) return
  if (isList(tree)) onList(tree, path)
  else if (isMap(tree)) for (const [key, value] of tree) walk(value, [...path, key], onList)
}

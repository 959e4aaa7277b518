import type { SyntaxNode } from '@lezer/common'
import type { Statement } from '../syntax.ts'
import { betweenCommas, type Reading } from './reading.ts'

/** `import a.b as c` and `from a.b import c as d`: each local name with the full name of what it stands for. */
export function lowerImport(children: readonly SyntaxNode[], reading: Reading, line: number): Statement[] {
  const at = children.findIndex((child) => child.name === 'import')
  const isFrom = children[0]?.name === 'from'
  const module = isFrom ? textOf(children.slice(1, at), reading) : null
  return betweenCommas(children.slice(at + 1)).flatMap((group): Statement[] => {
    const as = group.findIndex((node) => node.name === 'as')
    const path = textOf(as < 0 ? group : group.slice(0, as), reading)
    const alias = as < 0 ? null : textOf(group.slice(as + 1), reading)
    if (path === '' || path === '*') return []
    return [{ does: 'import', ...(module === null ? wholeModule(path, alias) : partOf(module, path, alias)), line }]
  })
}

/** `import a.b` binds a; `import a.b as c` binds c to a.b. */
function wholeModule(path: string, alias: string | null): { name: string; from: string } {
  const top = path.split('.')[0] ?? path
  return alias === null ? { name: top, from: top } : { name: alias, from: path }
}

function partOf(module: string, path: string, alias: string | null): { name: string; from: string } {
  return { name: alias ?? path, from: `${module}.${path}` }
}

function textOf(nodes: readonly SyntaxNode[], reading: Reading): string {
  return nodes.map((node) => reading.text(node)).join('')
}

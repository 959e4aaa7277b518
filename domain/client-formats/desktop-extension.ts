import { type EntriesRead, entriesOf, nothing } from './client-format.ts'
import { at, isList, isMap, type Tree, type TreeMap } from './tree.ts'

/** What stands for the folder that a bundle was unpacked into. */
const ownFolder = /\$\{__dirname\}/g

/**
 * Reads the manifest of an unpacked bundle (`.mcpb`, formerly `.dxt`): one server, started as `mcp_config` says, from the bundle's own
 * folder. Where it leaves that out, by its kind and entry point.
 */
export function readExtension(tree: Tree, path = ''): EntriesRead {
  const server = at(tree, 'server')
  const name = at(tree, 'name')
  if (!isMap(server) || typeof name !== 'string' || name === '') {
    return nothing('the file', 'the manifest of a bundle, with a name and a server, was expected')
  }
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0))
  const config = at(server, 'mcp_config') ?? byKind(server)
  return entriesOf(new Map([[name, inFolder(config, folder)]]), 'server.mcp_config', {})
}

function byKind(server: TreeMap): Tree {
  const [kind, entry] = [server.get('type'), server.get('entry_point')]
  if (typeof entry !== 'string' || typeof kind !== 'string') return null
  const file = ['$', '{__dirname}/', entry].join('')
  if (kind === 'binary') return new Map<string, Tree>([['command', file]])
  return new Map<string, Tree>([
    ['command', kind],
    ['args', [file]],
  ])
}

/** The same with the folder put in; nothing else is expanded. */
function inFolder(tree: Tree, folder: string): Tree {
  if (typeof tree === 'string') return folder === '' ? tree : tree.replace(ownFolder, () => folder)
  if (isList(tree)) return tree.map((each) => inFolder(each, folder))
  if (!isMap(tree)) return tree
  return new Map([...tree].map(([key, value]): [string, Tree] => [key, inFolder(value, folder)]))
}

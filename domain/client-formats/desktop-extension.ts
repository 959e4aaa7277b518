import { type EntriesRead, entriesOf, nothing } from './client-format.ts'
import { fillIn, variableOf } from './fill-in.ts'
import { at, isMap, type Tree, type TreeMap } from './tree.ts'

/** What stands for the folder that a bundle was unpacked into. */
const ownFolder = variableOf('__dirname')

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
  return entriesOf(
    new Map([[name, folder === '' ? config : fillIn(config, { [ownFolder]: folder })]]),
    'server.mcp_config',
    {},
  )
}

function byKind(server: TreeMap): Tree {
  const [kind, entry] = [server.get('type'), server.get('entry_point')]
  if (typeof entry !== 'string' || typeof kind !== 'string') return null
  const file = `${ownFolder}/${entry}`
  if (kind === 'binary') return new Map<string, Tree>([['command', file]])
  return new Map<string, Tree>([
    ['command', kind],
    ['args', [file]],
  ])
}

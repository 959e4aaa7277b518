import { type EntriesRead, entriesOf, nothing } from './client-format.ts'
import { movedTo } from './entry-places.ts'
import { fillIn, variableOf } from './fill-in.ts'
import { at, isMap, type Tree, type TreeMap } from './tree.ts'

/** What stands for the folder that a bundle was unpacked into. */
const ownFolder = variableOf('__dirname')

/**
 * Reads the manifest of an unpacked bundle (`.mcpb`, formerly `.dxt`): one server, started as `mcp_config` says, from the bundle's own
 * folder. Where it leaves that out, by its kind and entry point.
 */
export function readExtension(tree: Tree, file = ''): EntriesRead {
  const server = at(tree, 'server')
  const name = at(tree, 'name')
  if (!isMap(server) || typeof name !== 'string' || name === '') {
    return nothing('the file', 'the manifest of a bundle, with a name and a server, was expected')
  }
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'), 0))
  const config = at(server, 'mcp_config') ?? byKind(server)
  const filled = folder === '' ? config : fillIn(config, { [ownFolder]: folder })
  const path = ['server', 'mcp_config']
  const reading = entriesOf(new Map([[name, filled]]), path.join('.'), {}, path)
  return { ...reading, entries: reading.entries.map((entry) => ({ ...entry, places: movedTo(path, entry.places) })) }
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

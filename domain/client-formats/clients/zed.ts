import { type ClientFormat, type EntriesRead, entriesOf } from '../client-format.ts'
import type { EntryKeys, PlacedEntry } from '../raw-entry.ts'
import { at, isMap, type Tree } from '../tree.ts'

const keys: EntryKeys = { known: ['source'], switch: 'enabled' }

/** Zed: `context_servers` in `settings.json`; older entries hold the command line as one object. */
export const zed: ClientFormat = {
  client: 'zed',
  title: 'Zed',
  sources: [
    'https://zed.dev/docs/ai/mcp (docs/src/ai/mcp.md of zed-industries/zed)',
    'https://zed.dev/docs/configuring-zed (docs/src/configuring-zed.md)',
  ],
  expands: [],
  locations: [
    {
      scope: 'user',
      format: 'jsonc',
      path: '{xdg}/zed/settings.json',
      on: ['linux', 'darwin'],
      why: 'servers of this user',
      read,
    },
    {
      scope: 'user',
      format: 'jsonc',
      path: '{config}/Zed/settings.json',
      on: ['win32'],
      why: 'servers of this user',
      read,
    },
    {
      scope: 'project',
      format: 'jsonc',
      path: '{project}/.zed/settings.json',
      why: 'servers that a project brings along',
      read,
    },
  ],
}

function read(tree: Tree): EntriesRead {
  const declared = at(tree, 'context_servers')
  if (declared === undefined) return { entries: [], broken: [], problems: [] }
  const flat = isMap(declared) ? new Map([...declared].map(([name, entry]) => [name, flattened(entry)])) : declared
  const reading = entriesOf(flat, 'context_servers', keys, ['context_servers'])
  const all = at(tree, 'agent', 'always_allow_tool_actions') === true
  const placed = (entry: PlacedEntry) => inPlace(entry, at(declared, entry.name, 'command'))
  return {
    ...reading,
    entries: reading.entries.map(placed).map((entry) => (all ? { ...entry, autoApprove: ['*'] } : entry)),
  }
}

/** `command: {path, args, env}` is brought to the form with `command`, `args` and `env` side by side. */
function flattened(entry: Tree): Tree {
  const line = at(entry, 'command')
  if (!isMap(entry) || !isMap(line)) return entry
  const rest = [...entry].filter(([key]) => key !== 'command')
  const parts = [...line].map(([key, value]): [string, Tree] => [key === 'path' ? 'command' : key, value])
  return new Map([...rest, ...parts])
}

/** The parts of an older entry stand below its command; approvals are one setting for all servers. */
function inPlace(entry: PlacedEntry, command: Tree | undefined): PlacedEntry {
  const { places } = entry
  const line = [...places.at, 'command']
  const below = { command: [...line, 'path'], args: [...line, 'args'], env: [...line, 'env'] }
  const approvals = { kind: 'shared' as const, path: ['agent', 'always_allow_tool_actions'] }
  return { ...entry, places: { ...places, ...(isMap(command) ? below : {}), approvals } }
}

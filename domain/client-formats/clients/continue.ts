import { type ClientFormat, type ConfigLocation, type EntriesRead, entriesOf, joined } from '../client-format.ts'
import { movedTo } from '../entry-places.ts'
import type { PlacedEntry } from '../raw-entry.ts'
import { at, isList, isMap, type Tree } from '../tree.ts'

const keys = { known: ['faviconUrl', 'connectionTimeout'] }

/**
 * Continue: a list `mcpServers` in `config.yaml` or the older `config.json`, and single files in `mcpServers` folders, in its own form
 * or in that of other clients. Headers stand under `requestOptions`.
 */
export const continueDev: ClientFormat = {
  client: 'continue',
  title: 'Continue',
  sources: ['https://docs.continue.dev/customize/deep-dives/mcp', 'https://docs.continue.dev/reference'],
  expands: ['github', 'mustache'],
  roots: { continue: { variable: 'CONTINUE_GLOBAL_DIR', otherwise: '{home}/.continue' } },
  locations: [
    { scope: 'user', format: 'yaml', path: '{continue}/config.yaml', why: 'servers of this user', read },
    {
      scope: 'user',
      format: 'jsonc',
      path: '{continue}/config.json',
      why: "servers in this user's older settings",
      read,
    },
    ...blocks('user', '{continue}/mcpServers'),
    ...blocks('project', '{project}/.continue/mcpServers'),
  ],
}

function blocks(scope: 'user' | 'project', folder: string): readonly ConfigLocation[] {
  const formats = [
    ['yaml', 'yaml'],
    ['yml', 'yaml'],
    ['json', 'jsonc'],
  ] as const
  return formats.map(([ending, format]) => ({
    scope,
    format,
    path: `${folder}/*.${ending}`,
    why: 'one file per server',
    read,
  }))
}

function read(tree: Tree): EntriesRead {
  const older = at(tree, 'experimental', 'modelContextProtocolServers')
  const declared = at(tree, 'mcpServers')
  const readings = [
    readServers(declared, ['mcpServers']),
    readServers(older, ['experimental', 'modelContextProtocolServers']),
  ]
  // A file of one server alone holds its entry and nothing around it.
  if (declared === undefined && isMap(tree) && (tree.has('command') || tree.has('url'))) readings.push(alone(tree))
  return joined(readings)
}

function readServers(declared: Tree | undefined, path: readonly string[]): EntriesRead {
  const where = path.join('.')
  if (isMap(declared)) {
    const flat = new Map([...declared].map(([name, each]) => [name, flattened(each)]))
    return inPlace(entriesOf(flat, where, keys, path), (entry) => declared.get(entry.name))
  }
  if (!isList(declared)) return entriesOf(declared ?? null, where, keys, path)
  return inPlace(
    entriesOf(declared.map(flattened), where, keys, path),
    ({ places }) => declared[Number(places.at.at(-1))],
  )
}

/** The file is the entry. */
function alone(tree: Tree): EntriesRead {
  const reading = entriesOf([flattened(tree)], 'the file', keys, [])
  const entries = reading.entries.map((entry): PlacedEntry => ({ ...entry, places: movedTo([], entry.places) }))
  return inPlace({ ...reading, entries }, () => tree)
}

/** Headers stand below `requestOptions`, and what an older entry keeps below `transport` stands there. */
function inPlace(reading: EntriesRead, written: (entry: PlacedEntry) => Tree | undefined): EntriesRead {
  const entries = reading.entries.map((entry): PlacedEntry => {
    const { places } = entry
    const transport = at(written(entry) ?? null, 'transport')
    const part = (key: string) =>
      at(transport, key) === undefined ? [...places.at, key] : [...places.at, 'transport', key]
    const moved = { command: part('command'), args: part('args'), env: part('env'), url: part('url') }
    return { ...entry, places: { ...places, ...moved, headers: [...places.at, 'requestOptions', 'headers'] } }
  })
  return { ...reading, entries }
}

/** Brings `requestOptions.headers` and the older `transport` object to where other clients have them. */
function flattened(entry: Tree): Tree {
  if (!isMap(entry)) return entry
  const transport = entry.get('transport')
  const rest = [...entry].filter(([key]) => key !== 'requestOptions' && !(key === 'transport' && isMap(transport)))
  return new Map([...(isMap(transport) ? transport : []), ...optionsOf(entry.get('requestOptions')), ...rest])
}

/** The headers beside the other options, which stay under their key. */
function optionsOf(options: Tree | undefined): readonly (readonly [string, Tree])[] {
  if (!isMap(options)) return options === undefined ? [] : [['requestOptions', options]]
  const rest = new Map([...options].filter(([key]) => key !== 'headers'))
  const headers = options.get('headers')
  return [
    ...(headers === undefined ? [] : [['headers', headers] as const]),
    ...(rest.size === 0 ? [] : [['requestOptions', rest] as const]),
  ]
}

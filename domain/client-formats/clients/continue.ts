import { type ClientFormat, type ConfigLocation, type EntriesRead, entriesOf, joined } from '../client-format.ts'
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
  const readings = [readServers(declared, 'mcpServers'), readServers(older, 'experimental.modelContextProtocolServers')]
  // A file of one server alone holds its entry and nothing around it.
  if (declared === undefined && isMap(tree) && (tree.has('command') || tree.has('url')))
    readings.push(readServers([tree], 'the file'))
  return joined(readings)
}

function readServers(declared: Tree | undefined, where: string): EntriesRead {
  if (isList(declared)) return entriesOf(declared.map(flattened), where, keys)
  if (isMap(declared))
    return entriesOf(new Map([...declared].map(([name, each]) => [name, flattened(each)])), where, keys)
  return entriesOf(declared ?? null, where, keys)
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

import { type ClientFormat, type EntriesRead, entriesAt } from '../client-format.ts'
import type { RawEntry } from '../raw-entry.ts'
import { isList, isMap, type Tree } from '../tree.ts'

const ownKeys = ['bearer_token_env_var', 'env_http_headers', 'env_vars']
const declared = entriesAt([['mcp_servers']], { headers: ['http_headers'] })

/**
 * Codex: TOML tables `[mcp_servers.name]` of the user, of a project, of the machine. Secrets are named by variables
 * (`bearer_token_env_var`, `env_http_headers`, `env_vars`) rather than expanded inside values.
 */
export const codex: ClientFormat = {
  client: 'codex',
  title: 'Codex',
  sources: ['https://developers.openai.com/codex/mcp', 'https://developers.openai.com/codex/config-reference'],
  expands: ['brace'],
  roots: { codex: { variable: 'CODEX_HOME', otherwise: '{home}/.codex' } },
  locations: [
    { scope: 'user', format: 'toml', path: '{codex}/config.toml', why: 'servers of this user', read },
    {
      scope: 'project',
      format: 'toml',
      path: '{project}/.codex/config.toml',
      why: 'servers that a trusted project brings along',
      read,
    },
    {
      scope: 'managed',
      format: 'toml',
      path: '/etc/codex/config.toml',
      on: ['linux', 'darwin'],
      why: 'servers set for this machine',
      read,
    },
    {
      scope: 'managed',
      format: 'toml',
      path: '{codex}/managed_config.toml',
      why: 'settings that an organisation lays over those of the user',
      read,
    },
  ],
}

function read(tree: Tree): EntriesRead {
  const reading = declared(tree)
  return { ...reading, entries: reading.entries.map(withVariables) }
}

/** Variables that are named become references under what they fill. */
function withVariables(entry: RawEntry): RawEntry {
  const headers = new Map(entry.headers)
  const env = new Map(entry.env)
  const token = entry.other.get('bearer_token_env_var')
  if (typeof token === 'string') headers.set('Authorization', `Bearer \${${token}}`)
  const named = entry.other.get('env_http_headers')
  if (isMap(named)) for (const [header, variable] of named) headers.set(header, `\${${String(variable)}}`)
  const passed = entry.other.get('env_vars')
  if (isList(passed)) for (const each of passed) if (typeof each === 'string') env.set(each, `\${${each}}`)
  return { ...entry, env, headers, other: new Map([...entry.other].filter(([key]) => !ownKeys.includes(key))) }
}

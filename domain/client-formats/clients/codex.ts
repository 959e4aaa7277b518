import { type ClientFormat, type EntriesRead, entriesAt } from '../client-format.ts'
import { codexPlugins } from '../codex-plugins.ts'
import { codexKeys, withVariables } from '../codex-variables.ts'
import type { Tree } from '../tree.ts'

const declared = entriesAt([['mcp_servers']], codexKeys)

/**
 * Codex: TOML tables `[mcp_servers.name]` of the user, of a project, of the machine. Secrets are named by variables
 * (`bearer_token_env_var`, `env_http_headers`, `env_vars`) rather than expanded inside values.
 */
export const codex: ClientFormat = {
  client: 'codex',
  title: 'Codex',
  sources: [
    'https://developers.openai.com/codex/mcp',
    'https://developers.openai.com/codex/config-reference',
    'https://developers.openai.com/codex/plugins/build (plugins)',
    'https://github.com/openai/codex/blob/main/codex-rs/core-plugins/src/store.rs (where they lie, and which version counts)',
    'https://github.com/openai/codex/blob/main/codex-rs/core-plugins/src/manifest.rs (what their manifest may say)',
  ],
  plugins: codexPlugins,
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

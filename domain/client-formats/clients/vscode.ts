import { type ClientFormat, type ConfigLocation, declaresNone, entriesAt } from '../client-format.ts'
import { vscodePlugins } from '../vscode-plugins.ts'

const own = entriesAt([['servers']])
const settings = entriesAt([['mcp', 'servers'], ['mcp.servers']])
const editions = ['Code', 'Code - Insiders', 'VSCodium']

/**
 * VS Code, its Insiders edition and VSCodium: `servers` in `mcp.json` of a user profile or a project, in older settings under `mcp`,
 * and the portable file of Copilot. Values asked of the user stand as `${input:id}`.
 */
export const vscode: ClientFormat = {
  client: 'vscode',
  title: 'VS Code',
  sources: [
    'https://code.visualstudio.com/docs/copilot/reference/mcp-configuration',
    'https://code.visualstudio.com/docs/agents/reference/mcp-configuration.md',
    'https://code.visualstudio.com/docs/configure/settings (where user settings lie)',
    'https://code.visualstudio.com/docs/copilot/customization/agent-plugins (agent plugins)',
    'https://github.com/microsoft/vscode/blob/main/src/vs/workbench/contrib/chat/common/plugins/AGENTS_PLUGINS.md (which are installed, and what they hold)',
    'https://code.visualstudio.com/api/extension-guides/ai/mcp (extensions that register servers)',
  ],
  plugins: vscodePlugins,
  expands: ['input', 'env', 'predefined'],
  roots: { copilot: { variable: 'COPILOT_HOME', otherwise: '{home}/.copilot' } },
  locations: [
    ...editions.flatMap(ofEdition),
    ...['.vscode', '.vscode-insiders', '.vscode-oss'].map(
      (folder): ConfigLocation => ({
        scope: 'user',
        format: 'json',
        path: `{home}/${folder}/agent-plugins/installed.json`,
        why: 'which agent plugins are installed, and in which folders',
        read: declaresNone,
      }),
    ),
    {
      scope: 'user',
      format: 'jsonc',
      path: '{home}/.vscode-server/data/User/mcp.json',
      why: 'servers of this user for sessions from another machine',
      read: own,
    },
    {
      scope: 'user',
      format: 'json',
      path: '{copilot}/mcp-config.json',
      why: "servers of this user in Copilot's portable form",
      read: entriesAt([['mcpServers']]),
    },
    {
      scope: 'project',
      format: 'jsonc',
      path: '{project}/.vscode/mcp.json',
      why: 'servers that a project brings along',
      read: own,
    },
    {
      scope: 'project',
      format: 'jsonc',
      path: '{project}/.vscode/settings.json',
      why: 'servers in the older settings of a project',
      read: settings,
    },
  ],
}

function ofEdition(edition: string): readonly ConfigLocation[] {
  const folder = `{config}/${edition}/User`
  const base = { scope: 'user', format: 'jsonc' } as const
  return [
    { ...base, path: `${folder}/mcp.json`, why: `servers of this user in ${edition}`, read: own },
    { ...base, path: `${folder}/profiles/*/mcp.json`, why: `servers of this user's profiles in ${edition}`, read: own },
    {
      ...base,
      path: `${folder}/settings.json`,
      why: `servers in this user's older settings of ${edition}`,
      read: settings,
    },
  ]
}

import { type ClientFormat, entriesAt } from '../client-format.ts'

const read = entriesAt([['mcpServers']])
const readCopilot = entriesAt([['servers'], ['mcpServers']])

/**
 * JetBrains: AI Assistant and Junie, each with a file of the user and one of the project, and Copilot's plugin, whose one file is shared
 * by all of its editors.
 */
export const jetbrains: ClientFormat = {
  client: 'jetbrains',
  title: 'JetBrains AI Assistant, Junie, Copilot plugin',
  sources: [
    'https://www.jetbrains.com/help/ai-assistant/mcp.html (form), plugin 22282 registry keys llm.mcp.client.*.mcp.json.path (paths), as cited in https://github.com/dyoshikawa/rulesync/pull/3004',
    'https://junie.jetbrains.com/docs/junie-cli-mcp-configuration.html',
    'https://github.com/microsoft/copilot-intellij-feedback/issues/701 and /2044',
  ],
  expands: ['input'],
  locations: [
    {
      scope: 'user',
      format: 'jsonc',
      path: '{home}/.ai/mcp/mcp.json',
      why: 'servers of this user in AI Assistant',
      read,
    },
    {
      scope: 'project',
      format: 'jsonc',
      path: '{project}/.ai/mcp/mcp.json',
      why: "a project's servers in AI Assistant",
      read,
    },
    { scope: 'user', format: 'jsonc', path: '{home}/.junie/mcp/mcp.json', why: 'servers of this user in Junie', read },
    {
      scope: 'project',
      format: 'jsonc',
      path: '{project}/.junie/mcp/mcp.json',
      why: "a project's servers in Junie",
      read,
    },
    {
      scope: 'user',
      format: 'jsonc',
      path: '{xdg}/github-copilot/intellij/mcp.json',
      on: ['linux', 'darwin'],
      why: "servers of this user in Copilot's plugin",
      read: readCopilot,
    },
    {
      scope: 'user',
      format: 'jsonc',
      path: '{localdata}/github-copilot/intellij/mcp.json',
      on: ['win32'],
      why: "servers of this user in Copilot's plugin",
      read: readCopilot,
    },
  ],
}

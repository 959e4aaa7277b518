import { type ClientFormat, entriesAt } from '../client-format.ts'

const read = entriesAt([['mcpServers']], { urls: { serverUrl: 'http', url: 'http' }, switch: 'disabled' })

/** Windsurf: `mcp_config.json` of the user; URL servers stand under `serverUrl`. */
export const windsurf: ClientFormat = {
  client: 'windsurf',
  title: 'Windsurf',
  sources: ['https://docs.windsurf.com/windsurf/cascade/mcp'],
  expands: ['env'],
  locations: [
    {
      scope: 'user',
      format: 'jsonc',
      path: '{home}/.codeium/windsurf/mcp_config.json',
      why: 'servers of this user',
      read,
    },
    {
      scope: 'user',
      format: 'jsonc',
      path: '{home}/.codeium/windsurf-next/mcp_config.json',
      why: 'servers of this user in the preview edition',
      read,
    },
    {
      scope: 'user',
      format: 'jsonc',
      path: '{home}/.codeium/mcp_config.json',
      why: 'servers of this user in the plugins for other editors',
      read,
    },
  ],
}

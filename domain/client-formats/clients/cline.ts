import { type ClientFormat, entriesAt } from '../client-format.ts'
import { extensionStorage } from '../extension-storage.ts'

const read = entriesAt([['mcpServers']], {
  urls: { url: 'sse' },
  autoApprove: ['autoApprove', 'alwaysAllow'],
  switch: 'disabled',
})

/** Cline: an extension of VS Code and its kin, and a command line; a URL without a type means SSE. */
export const cline: ClientFormat = {
  client: 'cline',
  title: 'Cline',
  sources: ['https://docs.cline.bot/mcp/mcp-overview', 'https://github.com/cline/cline (src/services/mcp/McpHub.ts)'],
  expands: ['env'],
  roots: { cline: { variable: 'CLINE_DIR', otherwise: '{home}/.cline' } },
  locations: [
    ...extensionStorage('saoudrizwan.claude-dev/settings/cline_mcp_settings.json', 'jsonc', read),
    {
      scope: 'user',
      format: 'jsonc',
      path: '{cline}/data/settings/cline_mcp_settings.json',
      why: 'servers of this user on the command line',
      read,
    },
  ],
}

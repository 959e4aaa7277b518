import { type ClientFormat, entriesAt } from '../client-format.ts'

/** Claude Desktop: one file per user, `mcpServers`, stdio entries. It expands nothing. */
export const claudeDesktop: ClientFormat = {
  client: 'claude-desktop',
  title: 'Claude Desktop',
  sources: [
    'https://modelcontextprotocol.io/docs/develop/connect-local-servers (macOS, Windows)',
    'https://mcpbundles.com/blog/claude-desktop-mcp (Linux builds)',
  ],
  expands: [],
  locations: [
    {
      scope: 'user',
      format: 'json',
      path: '{config}/Claude/claude_desktop_config.json',
      why: 'servers of this user',
      read: entriesAt([['mcpServers']]),
    },
  ],
}

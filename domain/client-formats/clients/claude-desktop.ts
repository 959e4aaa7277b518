import { type ClientFormat, entriesAt } from '../client-format.ts'

/** Claude Desktop: one file per user, `mcpServers`, stdio entries. It expands nothing. */
export const claudeDesktop: ClientFormat = {
  client: 'claude-desktop',
  title: 'Claude Desktop',
  sources: [
    'https://modelcontextprotocol.io/docs/develop/connect-local-servers',
    'https://github.com/microsoft/apm/issues/1225 (folders by platform)',
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

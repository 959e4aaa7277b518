import { type ClientFormat, entriesAt } from '../client-format.ts'
import { readExtension } from '../desktop-extension.ts'

/** Claude Desktop: one file per user, `mcpServers`, stdio entries, of which it expands nothing; and the bundles that it unpacked. */
export const claudeDesktop: ClientFormat = {
  client: 'claude-desktop',
  title: 'Claude Desktop',
  sources: [
    'https://modelcontextprotocol.io/docs/develop/connect-local-servers (macOS, Windows)',
    'https://mcpbundles.com/blog/claude-desktop-mcp (Linux builds)',
    'https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md (bundles)',
    'https://github.com/anthropics/claude-code/issues/67979 (where bundles are unpacked)',
  ],
  expands: ['user-config'],
  locations: [
    {
      scope: 'user',
      format: 'json',
      path: '{config}/Claude/claude_desktop_config.json',
      why: 'servers of this user',
      read: entriesAt([['mcpServers']]),
    },
    {
      scope: 'user',
      format: 'json',
      path: '{config}/Claude/Claude Extensions/*/manifest.json',
      why: 'bundles of this user, unpacked',
      rewrittenBy: 'the next update of the bundle',
      read: readExtension,
    },
  ],
}

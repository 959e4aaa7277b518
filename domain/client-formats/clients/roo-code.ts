import { type ClientFormat, entriesAt } from '../client-format.ts'
import { extensionStorage } from '../extension-storage.ts'

const read = entriesAt([['mcpServers']], { autoApprove: ['alwaysAllow'], switch: 'disabled' })

/** Roo Code: an extension of VS Code and its kin, and `.roo/mcp.json` of a project. */
export const rooCode: ClientFormat = {
  client: 'roo-code',
  title: 'Roo Code',
  sources: [
    'https://docs.roocode.com/features/mcp/using-mcp-in-roo',
    'https://github.com/RooCodeInc/Roo-Code (src/services/mcp/McpHub.ts)',
  ],
  expands: ['env', 'predefined'],
  locations: [
    ...extensionStorage('rooveterinaryinc.roo-cline/settings/mcp_settings.json', 'jsonc', read),
    {
      scope: 'project',
      format: 'jsonc',
      path: '{project}/.roo/mcp.json',
      why: 'servers that a project brings along',
      read,
    },
  ],
}

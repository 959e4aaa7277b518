import { type ClientFormat, entriesAt } from '../client-format.ts'

/** Cursor: `mcp.json` of the user and of a project. */
export const cursor: ClientFormat = {
  client: 'cursor',
  title: 'Cursor',
  sources: ['https://cursor.com/docs/mcp'],
  expands: ['env', 'predefined'],
  locations: [
    {
      scope: 'user',
      format: 'jsonc',
      path: '{home}/.cursor/mcp.json',
      why: 'servers of this user',
      read: entriesAt([['mcpServers']]),
    },
    {
      scope: 'project',
      format: 'jsonc',
      path: '{project}/.cursor/mcp.json',
      why: 'servers that a project brings along',
      read: entriesAt([['mcpServers']]),
    },
  ],
}

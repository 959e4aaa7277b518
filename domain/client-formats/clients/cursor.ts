import { type ClientFormat, entriesAt } from '../client-format.ts'
import { cursorPlugins } from '../cursor-plugins.ts'

/** Cursor: `mcp.json` of the user, of a project, and of plugins. */
export const cursor: ClientFormat = {
  client: 'cursor',
  title: 'Cursor',
  sources: [
    'https://cursor.com/docs/mcp',
    'https://cursor.com/docs/reference/plugins (plugins)',
    'https://github.com/cursor/plugins/blob/main/schemas/plugin.schema.json (what their manifest may say)',
    'https://github.com/cursor/plugins/issues/136 (where they lie, and where it stands which are on)',
  ],
  plugins: cursorPlugins,
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

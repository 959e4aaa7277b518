import { type ClientFormat, entriesAt } from '../client-format.ts'

const read = entriesAt([['mcpServers']])

/** LM Studio: `mcp.json` of the user, in Cursor's form. */
export const lmStudio: ClientFormat = {
  client: 'lm-studio',
  title: 'LM Studio',
  sources: [
    'https://lmstudio.ai/docs/app/mcp',
    'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1371 (both folders)',
  ],
  expands: [],
  locations: [
    { scope: 'user', format: 'jsonc', path: '{home}/.lmstudio/mcp.json', why: 'servers of this user', read },
    {
      scope: 'user',
      format: 'jsonc',
      path: '{home}/.cache/lm-studio/mcp.json',
      why: 'servers of this user in the older folder',
      read,
    },
  ],
}

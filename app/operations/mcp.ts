import { z } from 'zod'
import { defineOperation } from './operation.ts'

const configuration = '"upkeep": { "command": "upkeep", "args": ["mcp", "--practice"] }'

/** The MCP door over standard input and output. */
export const mcp = defineOperation({
  id: 'mcp',
  summary: 'an MCP server for agents: read-only questions over standard input and output',
  effect: 'write',
  role: 'viewer',
  at: 'terminal',
  input: z.strictObject({}),
  output: z.strictObject({}),
  cli: {
    verb: 'mcp',
    positionals: [],
    listed: 'rest',
    ownsOutput: true,
    examples: [
      { command: 'upkeep mcp', says: 'as a client starts it; it ends with the client' },
      { command: 'upkeep mcp --practice', says: `in a client's file: ${configuration}` },
    ],
  },
  async run(context) {
    await context.acts.mcp()
    return { output: {}, text: () => '' }
  },
})

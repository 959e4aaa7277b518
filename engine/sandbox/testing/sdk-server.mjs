import { McpServer } from '@modelcontextprotocol/server'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

// A server made with the official SDK, as it would be started by a client.
const server = new McpServer({ name: 'practice-stdio-server', version: '1.0.0' })
server.registerTool(
  'add',
  { description: 'Adds', inputSchema: z.object({ a: z.number(), b: z.number() }) },
  ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }),
)
await server.connect(new StdioServerTransport())

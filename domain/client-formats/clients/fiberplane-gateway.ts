import { type ClientFormat, type ConfigLocation, entriesAt } from '../client-format.ts'

/**
 * MCP Gateway of Fiberplane: asked through its admin API, whose answer is laid out in the form of a client's file. It has no switch: a server
 * that is to be off is taken out.
 */
export const fiberplaneGateway: ClientFormat & { locations: readonly [ConfigLocation] } = {
  client: 'fiberplane-gateway',
  title: 'MCP Gateway (Fiberplane)',
  sources: ['https://github.com/fiberplane/mcp-gateway (README, packages/api/src/routes/server-management.ts)'],
  expands: [],
  locations: [
    {
      scope: 'managed',
      format: 'json',
      path: '/api/servers/config',
      why: 'a gateway that upkeep.yaml lists, asked through its admin API',
      read: entriesAt([['mcpServers']]),
    },
  ],
}

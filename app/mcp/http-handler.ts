import { createMcpHandler } from '@modelcontextprotocol/server'
import { mayUse, type Principal } from '../http/access/principal.ts'
import { type McpDoor, mcpServer } from './mcp-server.ts'

/** Answers one request of somebody who is known. */
export interface McpHandler {
  answer(request: Request, body: unknown, principal: Principal): Promise<Response>
  close(): Promise<void>
}

const mostSubscriptions = 100

/** MCP over streamable HTTP, in both eras and without sessions: every request is answered by a server of its own. */
export function mcpHandler(door: McpDoor): McpHandler {
  const callers = new WeakMap<Request, Principal>()
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const principal = requestInfo === undefined ? undefined : callers.get(requestInfo)
      if (principal === undefined) throw new Error('nobody asks')
      const { person, roles, agent } = principal
      return mcpServer(door, { person, roles, agent }, ({ one }) => mayUse(principal, one) === null)
    },
    { maxSubscriptions: mostSubscriptions },
  )
  return {
    answer(request, body, principal) {
      callers.set(request, principal)
      return handler.fetch(request, { parsedBody: body })
    },
    close: handler.close,
  }
}

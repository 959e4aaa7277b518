import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { hostileNames, hostileTools } from './hostile-home.ts'

/** A server that speaks the protocol correctly and is hostile in every text it may choose. */
export async function startHostileServer(): Promise<{ url: string; close(): void }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { url: `http://127.0.0.1:${port}/mcp`, close: () => server.closeAllConnections() ?? server.close() }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const message = parsed(Buffer.concat(chunks).toString('utf8'))
    if (request.method !== 'POST' || message?.id === undefined) return response.writeHead(message ? 202 : 405).end()
    const results: Record<string, object> = {
      initialize: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: hostileNames[0], version: hostileNames[2] },
        instructions: hostileNames.slice(0, 9).join('\n'),
      },
      'tools/list': { tools: hostileTools() },
    }
    const result = results[String(message.method)]
    const body = result ? { result } : { error: { code: -32601, message: hostileNames[3] } }
    response.writeHead(200, { 'content-type': 'application/json', server: 'hostile <script>' })
    return response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...body }))
  })
}

function parsed(text: string): { id?: unknown; method?: unknown } | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

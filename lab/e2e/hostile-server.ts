import { appendFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { hostileNames, hostileTools } from './hostile-home.ts'

/** A text that stands in each line of its log, and nowhere else. */
export const logCanary = 'a-line-of-the-log'

/**
 * A server that speaks the protocol correctly and is hostile in every text it may choose. With a `log`, it writes lines into that file as calls
 * come, hostile as well.
 */
export async function startHostileServer(log?: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => answer(request, response, log))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { url: `http://127.0.0.1:${port}/mcp`, close: () => server.closeAllConnections() ?? server.close() }
}

function answer(request: IncomingMessage, response: ServerResponse, log: string | undefined): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const message = parsed(Buffer.concat(chunks).toString('utf8'))
    if (request.method !== 'POST' || message?.id === undefined) return response.writeHead(message ? 202 : 405).end()
    if (log !== undefined && message.method === 'tools/call') appendFileSync(log, logLines(message.params))
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

function logLines(params: unknown): string {
  const lines = hostileNames.slice(0, 15).map((text) => `${logCanary} denied ${text} ${JSON.stringify(params)}\n`)
  return lines.join('')
}

function parsed(text: string): { id?: unknown; method?: unknown; params?: unknown } | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

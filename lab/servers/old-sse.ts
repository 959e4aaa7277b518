import type { ServerResponse } from 'node:http'
import { type Running, serve } from './loopback.ts'
import { bodyOf } from './scripted.ts'

const results: Record<string, unknown> = {
  initialize: {
    protocolVersion: '2024-11-05',
    capabilities: { tools: {} },
    serverInfo: { name: 'old-sse', version: '1' },
  },
  'tools/list': { tools: [{ name: 'old', inputSchema: { type: 'object' } }] },
}

/** A server of 2024-11-05: one endless stream for answers, and another address for messages, which the stream names first. */
export function startOldSse(messagesAt = '/messages'): Promise<Running> {
  const streams: ServerResponse[] = []
  return serve(
    async (request, response) => {
      if (request.method === 'GET' && request.url === '/sse') {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(`event: endpoint\ndata: ${messagesAt}\n\n`)
        streams.push(response)
        return
      }
      if (request.method !== 'POST' || request.url !== '/messages') return response.writeHead(405).end()
      const { id, method } = JSON.parse(await bodyOf(request))
      response.writeHead(202).end()
      if (id === undefined) return
      const answer = { jsonrpc: '2.0', id, result: results[method] ?? {} }
      streams.at(-1)?.write(`event: message\ndata: ${JSON.stringify(answer)}\n\n`)
    },
    { path: '/sse' },
  )
}

import type { IncomingMessage } from 'node:http'
import { type Running, serve } from './loopback.ts'
import { bodyOf } from './scripted.ts'

interface Answer {
  status: number
  headers?: Record<string, string>
}

/** An endpoint that serves whatever `refuse` does not refuse: for controls that the SDK would never get wrong in this way. */
export function startAnswering(
  refuse: (request: IncomingMessage) => Answer | null,
  headers: (request: IncomingMessage) => Record<string, string> = () => ({}),
): Promise<Running> {
  return serve(async (request, response) => {
    const body = await bodyOf(request)
    const refused = refuse(request)
    if (refused !== null) return response.writeHead(refused.status, { ...headers(request), ...refused.headers }).end()
    if (request.method !== 'POST') return response.writeHead(204, headers(request)).end()
    const { id } = JSON.parse(body)
    response.writeHead(200, { 'content-type': 'application/json', ...headers(request) })
    return response.end(JSON.stringify({ jsonrpc: '2.0', id, result: {} }))
  })
}

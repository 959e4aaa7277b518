import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Running, serve } from './loopback.ts'

interface Message {
  id?: unknown
  method?: unknown
  params?: { cursor?: unknown }
}
/** What a scripted server does with one message. `text` is the JSON of a result, so that things no serializer would write can be sent. */
export type Script = (
  method: string,
  message: Message,
) => { text: string } | { raw: (response: ServerResponse) => void }

export interface Scripted extends Running {
  /** Method and path of every request, with the JSON-RPC method where there is one. */
  seen: string[]
  headers: IncomingMessage['headers'][]
}

const opening = JSON.stringify({
  protocolVersion: '2025-11-25',
  capabilities: { tools: {} },
  serverInfo: { name: 'scripted', version: '1' },
})

/** A server of the initialize era whose answers are written out by the test. It hands out a session, and forgets it on DELETE. */
export async function startScripted(script: Script): Promise<Scripted> {
  const seen: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const running = await serve(async (request, response) => {
    headers.push(request.headers)
    const text = await bodyOf(request)
    const message: Message = text === '' ? {} : JSON.parse(text)
    const method = typeof message.method === 'string' ? message.method : ''
    seen.push([request.method, method].join(' ').trim())
    if (request.method !== 'POST') return response.writeHead(request.method === 'DELETE' ? 200 : 405).end()
    if (method.startsWith('notifications/')) return response.writeHead(202).end()
    const act = script(method, message)
    if ('raw' in act) return act.raw(response)
    response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'session-of-the-lab' })
    return response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${act.text}}`)
  })
  return { ...running, seen, headers }
}

/** The usual script: no discover era, an ordinary handshake, and then what the test says about `tools/list`. */
export function toolsScript(list: (message: Message) => string): Script {
  return (method, message) => {
    if (method === 'initialize') return { text: opening }
    if (method === 'tools/list') return { text: list(message) }
    return { raw: (response) => response.writeHead(400).end() }
  }
}

/** The text of a request; with a limit, null for one that is larger, of which the rest is read and forgotten. */
export async function bodyOf(request: IncomingMessage): Promise<string>
export async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<string | null>
export async function bodyOf(request: IncomingMessage, maxBytes = Number.POSITIVE_INFINITY): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
  }
  if (bytes > maxBytes) return null
  return Buffer.concat(chunks).toString('utf8')
}

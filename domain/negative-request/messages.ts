import { product } from '@upkeep/contract/product'
import { discoverVersion, envelopeOf, handshakeVersion } from '../mcp-protocol.ts'

/** The two ways in which the protocol begins: a handshake (2024-11-05 to 2025-11-25), or none (2026-07-28 on). */
export const eras = ['initialize', 'discover'] as const
export type Era = (typeof eras)[number]

/** One message as it goes out: its JSON-RPC method, its headers and its body. */
export interface Message {
  method: string
  headers: Readonly<Record<string, string>>
  body: string
}

const clientInfo = { name: `${product.name}-probe`, version: product.version }

/** The message that opens a conversation in one era. */
export function openingMessage(era: Era): Message {
  if (era === 'discover') return enveloped('server/discover')
  const params = { protocolVersion: handshakeVersion, capabilities: {}, clientInfo }
  return {
    method: 'initialize',
    headers: {},
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  }
}

/** The message that asks for the tools: inside a session of the handshake era, or on its own. */
export function listingMessage(era: Era, session: string | null): Message {
  if (era === 'discover') return enveloped('tools/list')
  return {
    method: 'tools/list',
    headers: { 'mcp-protocol-version': handshakeVersion, ...(session === null ? {} : { 'mcp-session-id': session }) },
    body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} }),
  }
}

/** The cheapest message that a server answers: `ping`, or `server/discover` where there is none. */
export function pingMessage(era: Era, session: string | null): Message {
  if (era === 'discover') return openingMessage(era)
  const { headers } = listingMessage(era, session)
  return { method: 'ping', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 4, method: 'ping' }) }
}

/** The message that calls a tool. The name of the tool must be plain printable text, as a header can carry it. */
export function callMessage(era: Era, session: string | null, call: { tool: string; arguments: object }): Message {
  const params = { name: call.tool, arguments: call.arguments }
  if (era === 'discover') return enveloped('tools/call', params, { 'mcp-name': call.tool })
  const { headers } = listingMessage(era, session)
  const body = JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'tools/call', params })
  return { method: 'tools/call', headers, body }
}

/** Without a handshake each message says itself which version it speaks, and for whom. */
function enveloped(method: string, params: object = {}, headers: Readonly<Record<string, string>> = {}): Message {
  return {
    method,
    headers: { 'mcp-protocol-version': discoverVersion, 'mcp-method': method, ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: envelopeOf(clientInfo) } }),
  }
}

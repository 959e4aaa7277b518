import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { product } from '@upkeep/contract/product'
import type { Wire } from './mcp-wire.ts'

export type Era = 'initialize' | 'discover'
/** The protocol revision that has no handshake: a server says what it speaks when asked by `server/discover`. */
export const discoverVersion = '2026-07-28'

/** One open conversation with a server, in one era. */
export interface Session {
  client: Client
  /** `sse` is the transport of 2024-11-05, with its two endpoints. */
  transport: 'streamable-http' | 'sse'
  /** Ends the session at the server too. Never throws. */
  end(): Promise<void>
}

interface Target {
  url: string
  headers: Readonly<Record<string, string>>
}

/** Opens a conversation in one era. Throws what the client throws; its messages may quote the server and are not for passing on. */
export async function openSession(era: Era, target: Target, wire: Wire, timeoutMs: number): Promise<Session> {
  const client = new Client(product, {
    capabilities: {},
    versionNegotiation: { mode: era === 'discover' ? { pin: discoverVersion } : 'legacy' },
  })
  const transport = new StreamableHTTPClientTransport(new URL(target.url), {
    requestInit: { headers: ownHeaders(target) },
    fetch: wire.fetchFor(false),
    onInsufficientScope: 'throw',
    reconnectionOptions: {
      maxRetries: 1,
      initialReconnectionDelay: 100,
      maxReconnectionDelay: 500,
      reconnectionDelayGrowFactor: 2,
    },
  })
  const end = async () => {
    await transport.terminateSession().catch(() => {})
    await client.close().catch(() => {})
  }
  try {
    await client.connect(transport, { timeout: timeoutMs, signal: wire.signal })
    return { client, transport: 'streamable-http', end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Opens a conversation over the transport of 2024-11-05, which only old servers still have. */
export async function openOldSession(target: Target, wire: Wire, timeoutMs: number): Promise<Session> {
  const client = new Client(product, { capabilities: {} })
  const transport = new SSEClientTransport(new URL(target.url), {
    requestInit: { headers: ownHeaders(target) },
    fetch: wire.fetchFor(true),
  })
  const end = () => client.close().catch(() => {})
  try {
    await client.connect(transport, { timeout: timeoutMs, signal: wire.signal })
    return { client, transport: 'sse', end }
  } catch (error) {
    await end()
    throw error
  }
}

function ownHeaders(target: Target): Record<string, string> {
  return { 'user-agent': `${product.name}/${product.version}`, ...target.headers }
}

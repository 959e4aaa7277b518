/** The newest version that is opened by a handshake, and the first that has none: a server says what it speaks when asked. */
export const handshakeVersion = '2025-11-25'
export const discoverVersion = '2026-07-28'

/** The words under which a message of 2026-07-28 on says about itself what a handshake said once for all. */
export const metaKeys = {
  version: 'io.modelcontextprotocol/protocolVersion',
  client: 'io.modelcontextprotocol/clientInfo',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
  server: 'io.modelcontextprotocol/serverInfo',
} as const

/** The `_meta` of a message of 2026-07-28, from a client that offers nothing. */
export function envelopeOf(client: { name: string; version: string }): Readonly<Record<string, unknown>> {
  return { [metaKeys.version]: discoverVersion, [metaKeys.client]: client, [metaKeys.capabilities]: {} }
}

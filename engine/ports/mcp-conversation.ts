import type { Era } from '@upkeep/contract/observations/tool-surface'
import { product } from '@upkeep/contract/product'
import { isRecord } from '@upkeep/domain/is-record'
import { discoverVersion, envelopeOf, handshakeVersion, metaKeys } from '@upkeep/domain/mcp-protocol'
import type { McpChannel } from './mcp-channel.ts'
import type { McpAnswer } from './mcp-message.ts'

/** An open conversation with a server, in one era. What the server says of itself is as it sent it: not yet bounded. */
export interface Conversation {
  state: 'open'
  era: Era
  channel: McpChannel
  protocolVersion: string | null
  serverInfo: { name: string; version: string } | null
  instructions: string | null
  capabilities: Readonly<Record<string, unknown>>
  /** Within the time given, or all that is left. */
  ask(method: string, params?: object, timeoutMs?: number): Promise<McpAnswer>
}
/** `unfit`: it answered, but not as a server of this era does. */
export interface NotOpen {
  state: 'not-open'
  answer: McpAnswer | { state: 'unfit' }
}

const handshakeVersions = ['2024-11-05', '2025-03-26', '2025-06-18', handshakeVersion]

/** Opens a conversation in one era, within the time given. */
export function converse(era: Era, channel: McpChannel, timeoutMs: number): Promise<Conversation | NotOpen> {
  return era === 'discover' ? discover(channel, timeoutMs) : initialize(channel, timeoutMs)
}

async function discover(channel: McpChannel, timeoutMs: number): Promise<Conversation | NotOpen> {
  const envelope = { _meta: envelopeOf(product) }
  const answer = await channel.request('server/discover', envelope, timeoutMs)
  if (answer.state !== 'result') return { state: 'not-open', answer }
  const { supportedVersions, capabilities, _meta: meta } = answer.result
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(discoverVersion) || !isRecord(capabilities))
    return { state: 'not-open', answer: { state: 'unfit' } }
  return {
    ...opened('discover', channel, answer.result, capabilities),
    protocolVersion: discoverVersion,
    serverInfo: infoOf(isRecord(meta) ? meta[metaKeys.server] : null),
    ask: (method, params, timeoutMs) => channel.request(method, { ...params, ...envelope }, within(channel, timeoutMs)),
  }
}

async function initialize(channel: McpChannel, timeoutMs: number): Promise<Conversation | NotOpen> {
  const params = { protocolVersion: handshakeVersion, capabilities: {}, clientInfo: product }
  const answer = await channel.request('initialize', params, timeoutMs)
  if (answer.state !== 'result') return { state: 'not-open', answer }
  const { protocolVersion, capabilities, serverInfo } = answer.result
  const known = typeof protocolVersion === 'string' && handshakeVersions.includes(protocolVersion)
  if (!known || !isRecord(capabilities)) return { state: 'not-open', answer: { state: 'unfit' } }
  channel.speaks(protocolVersion)
  await channel.notify('notifications/initialized')
  return {
    ...opened('initialize', channel, answer.result, capabilities),
    protocolVersion,
    serverInfo: infoOf(serverInfo),
    ask: (method, params = {}, timeoutMs) => channel.request(method, params, within(channel, timeoutMs)),
  }
}

function within({ traffic }: McpChannel, timeoutMs = Number.POSITIVE_INFINITY): number {
  return Math.min(timeoutMs, traffic.remainingMs)
}

function opened(
  era: Era,
  channel: McpChannel,
  { instructions }: Readonly<Record<string, unknown>>,
  capabilities: Readonly<Record<string, unknown>>,
): Pick<Conversation, 'state' | 'era' | 'channel' | 'instructions' | 'capabilities'> {
  return {
    state: 'open',
    era,
    channel,
    instructions: typeof instructions === 'string' ? instructions : null,
    capabilities,
  }
}

function infoOf(info: unknown): Conversation['serverInfo'] {
  if (!isRecord(info) || typeof info.name !== 'string') return null
  return { name: info.name, version: typeof info.version === 'string' ? info.version : '' }
}

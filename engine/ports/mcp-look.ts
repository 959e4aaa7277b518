import type { Facts, McpLook, McpTarget, Refusal } from '@upkeep/contract'
import type { Era, ToolSurface } from '@upkeep/contract/observations/tool-surface'
import type { McpChannel } from './mcp-channel.ts'
import { type Conversation, converse, type NotOpen } from './mcp-conversation.ts'
import { HttpChannel } from './mcp-http-channel.ts'
import { LineChannel } from './mcp-line-channel.ts'
import { type EraAnswer, failedEra } from './mcp-outcome.ts'
import { openSseDuplex } from './mcp-sse-duplex.ts'
import { listSurface } from './mcp-surface.ts'
import type { TlsFacts } from './mcp-tls.ts'
import { noAnswerInTime, Wire } from './mcp-wire.ts'
import { refuse } from './network-refusal.ts'
import { readChallenge } from './www-authenticate.ts'

/** What one era showed. `surface` is null when it did not answer, or when an era before had listed already. */
interface EraLook {
  answer: EraAnswer
  surface: ToolSurface | null
  latencyMs: { connect: number; list: number | null }
}
interface Look {
  target: McpTarget
  url: URL
  wire: Wire
}

/** Connects in both eras, lists in the newest that answers, ends each session. Every way it can go is a value. */
export async function lookInBothEras(target: McpTarget, url: URL, tls: TlsFacts | null): Promise<McpLook | Refusal> {
  const wire = new Wire(target)
  const look = { target, url, wire }
  try {
    const discover = await lookIn('discover', look, true)
    // Silence may be the first era's alone; anything else that kept an answer away will keep it away again.
    if (wire.firstStatus === null && wire.failure !== null && wire.failure.code !== 'timed-out') return wire.failure
    const initialize = await lookIn('initialize', look, discover.surface?.tools == null)
    if (wire.firstStatus === null) return unreached(wire)
    return assemble(look, tls, [discover, initialize])
  } finally {
    wire.close()
  }
}

function unreached(wire: Wire): Refusal {
  return wire.failure ?? refuse(wire.expired ? 'timed-out' : 'unreachable', 'the server gave no answer')
}

async function lookIn(era: Era, look: Look, list: boolean): Promise<EraLook> {
  look.wire.mark()
  const startedAt = performance.now()
  const found = await open(era, look)
  const connect = since(startedAt)
  if (found.state === 'not-open') {
    return { answer: failedEra(era, found, look.wire), surface: null, latencyMs: { connect, list: null } }
  }
  const listedAt = performance.now()
  const surface = list ? await listSurface(found, look.target.lists ?? 1) : null
  const listMs = surface === null ? null : since(listedAt)
  await found.channel.end()
  return { answer: answered(found), surface, latencyMs: { connect, list: listMs } }
}

/** The first era may use half of the time. A server that knows no POST is tried over the transport of 2024-11-05. */
async function open(era: Era, { url, wire, target }: Look): Promise<Conversation | NotOpen> {
  const timeoutMs = era === 'discover' ? Math.ceil(wire.remainingMs / 2) : wire.remainingMs
  const found = await closing(new HttpChannel(url, wire), era, timeoutMs)
  const older = era === 'initialize' && [400, 404, 405].includes(wire.lastStatus ?? 0)
  if (found.state === 'open' || !older) return found
  const duplex = await openSseDuplex(url, wire)
  if (duplex === null) return found
  const bounds = { timeoutMs: wire.remainingMs, maxBytes: target.maxBytes }
  return await closing(new LineChannel(duplex, bounds, 'sse'), era, wire.remainingMs)
}

/** A channel on which no conversation came about is ended at once. */
async function closing(channel: McpChannel, era: Era, timeoutMs: number): Promise<Conversation | NotOpen> {
  const found = await converse(era, channel, timeoutMs)
  if (found.state === 'not-open') await channel.end()
  return found
}

function answered({ era, protocolVersion, channel }: Conversation): EraAnswer {
  const detail = channel.transport === 'sse' ? 'over the older HTTP+SSE transport' : 'over streamable HTTP'
  return { era, outcome: 'answered', protocolVersion, detail }
}

function assemble({ target, wire }: Look, tls: TlsFacts | null, looks: readonly EraLook[]): McpLook {
  const best = looks.find((look) => look.surface?.tools != null) ?? looks.find((look) => look.surface !== null)
  const facts: Facts<'endpoint'> = {
    url: target.url,
    reachable: true,
    httpStatus: wire.firstStatus,
    eras: looks.map((look) => look.answer),
    why: looks.some((look) => look.answer.outcome === 'answered') ? '' : whyNone(looks),
    tls,
    authentication: { required: wire.unauthorized, ...readChallenge(wire.challenge) },
    latencyMs: (best ?? looks[0])?.latencyMs ?? { connect: 0, list: null },
  }
  return { state: 'answered', facts, surface: best?.surface ?? notListed(looks, wire) }
}

/** Why there is no surface at all: what each era came to. */
function notListed(looks: readonly EraLook[], wire: Wire): Refusal {
  const why = whyNone(looks)
  if (wire.unauthorized) return refuse('permission-denied', why)
  if (wire.flooded) return refuse('too-large', why)
  return refuse(why.includes(noAnswerInTime) ? 'timed-out' : 'not-supported', why)
}

function whyNone(looks: readonly EraLook[]): string {
  return looks.map((look) => `${look.answer.era}: ${look.answer.detail}`).join('; ')
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt)
}

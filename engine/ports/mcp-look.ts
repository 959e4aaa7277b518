import type { Facts, McpLook, McpPort, Refusal } from '@upkeep/contract'
import { keptText } from './kept-text.ts'
import { type EraAnswer, failedEra } from './mcp-outcome.ts'
import { type Era, openOldSession, openSession, type Session } from './mcp-session.ts'
import { bounds, listSurface, type Surface } from './mcp-surface.ts'
import type { TlsFacts } from './mcp-tls.ts'
import { noAnswerInTime, Wire } from './mcp-wire.ts'
import { refuse } from './network-refusal.ts'
import { readChallenge } from './www-authenticate.ts'

type Target = Parameters<McpPort['look']>[0]

/** What one era showed. `surface` is null when it did not answer, or when an era before had listed already. */
interface EraLook {
  answer: EraAnswer
  about: Pick<Facts<'endpoint'>, 'serverInfo' | 'instructions' | 'capabilities'> | null
  surface: Surface | null
  latencyMs: { connect: number; list: number | null }
}

/** Connects in both eras, lists in the newest that answers, ends each session. Every way it can go is a value. */
export async function lookInBothEras(target: Target, tls: TlsFacts | null): Promise<McpLook | Refusal> {
  const wire = new Wire({ maxBytes: target.maxBytes, timeoutMs: target.timeoutMs })
  try {
    const discover = await lookIn('discover', target, wire, true)
    // Silence may be the first era's alone; anything else that kept an answer away will keep it away again.
    if (wire.firstStatus === null && wire.failure?.code !== 'timed-out') return unreached(wire)
    const initialize = await lookIn('initialize', target, wire, discover.surface?.tools == null)
    if (wire.firstStatus === null) return unreached(wire)
    return { state: 'answered', facts: assemble(target, tls, wire, [discover, initialize]) }
  } finally {
    wire.close()
  }
}

function unreached(wire: Wire): Refusal {
  return wire.failure ?? refuse(wire.expired ? 'timed-out' : 'unreachable', 'the server gave no answer')
}

async function lookIn(era: Era, target: Target, wire: Wire, list: boolean): Promise<EraLook> {
  wire.mark()
  const startedAt = performance.now()
  try {
    const session = await open(era, target, wire)
    const connect = since(startedAt)
    try {
      const listedAt = performance.now()
      const surface = list ? await listSurface(session.client, wire) : null
      return {
        answer: answered(era, session),
        about: aboutServer(session),
        surface: surface === null ? null : explained(surface, wire),
        latencyMs: { connect, list: surface === null ? null : since(listedAt) },
      }
    } finally {
      await session.end()
    }
  } catch (error) {
    return {
      answer: failedEra(era, error, wire),
      about: null,
      surface: null,
      latencyMs: { connect: since(startedAt), list: null },
    }
  }
}

/** The first era may use half of the time. A server that knows no POST is tried over the transport of 2024-11-05. */
async function open(era: Era, target: Target, wire: Wire): Promise<Session> {
  const timeoutMs = era === 'discover' ? Math.ceil(wire.remainingMs / 2) : wire.remainingMs
  try {
    return await openSession(era, target, wire, timeoutMs)
  } catch (error) {
    const status = wire.statuses.at(-1) ?? 0
    if (era === 'discover' || ![400, 404, 405].includes(status) || wire.signal.aborted) throw error
    return await openOldSession(target, wire, wire.remainingMs)
  }
}

function answered(era: Era, session: Session): EraAnswer {
  const version = session.client.getNegotiatedProtocolVersion() ?? null
  const detail = session.transport === 'sse' ? 'over the older HTTP+SSE transport' : 'over streamable HTTP'
  return { era, outcome: 'answered', protocolVersion: version?.slice(0, 40).toWellFormed() ?? null, detail }
}

function aboutServer(session: Session): NonNullable<EraLook['about']> {
  const info = session.client.getServerVersion()
  const instructions = session.client.getInstructions()
  const short = (text: string) => keptText(text, 200).text
  return {
    serverInfo: info === undefined ? null : { name: short(info.name), version: short(info.version) },
    instructions: instructions === undefined ? null : keptText(instructions, bounds.instructions).text,
    capabilities: Object.keys(session.client.getServerCapabilities() ?? {})
      .slice(0, 100)
      .map(short)
      .sort(),
  }
}

function explained(surface: Surface, wire: Wire): Surface {
  if (surface.why === '') return surface
  if (wire.flooded)
    return { ...surface, truncated: true, why: `${surface.why}: the server sent more than the bound allows` }
  if (wire.expired) return { ...surface, why: `${surface.why}: ${noAnswerInTime}` }
  return { ...surface, why: `${surface.why}: the answer was not usable` }
}

function assemble(target: Target, tls: TlsFacts | null, wire: Wire, looks: readonly EraLook[]): Facts<'endpoint'> {
  const best = looks.find((look) => look.surface?.tools != null) ?? looks.find((look) => look.about !== null)
  const none = looks.map((look) => `${look.answer.era}: ${look.answer.detail}`).join('; ')
  return {
    url: target.url,
    reachable: true,
    httpStatus: wire.firstStatus,
    eras: looks.map((look) => look.answer),
    serverInfo: best?.about?.serverInfo ?? null,
    instructions: best?.about?.instructions ?? null,
    capabilities: best?.about?.capabilities ?? [],
    tools: best?.surface?.tools ?? null,
    prompts: best?.surface?.prompts ?? null,
    resources: best?.surface?.resources ?? null,
    why: best === undefined ? none : (best.surface?.why ?? 'nothing was listed'),
    truncated:
      wire.flooded ||
      best?.surface?.truncated === true ||
      (best?.about?.instructions?.length ?? 0) > bounds.instructions,
    tls,
    authentication: { required: wire.unauthorized, ...readChallenge(wire.challenge) },
    latencyMs: best?.latencyMs ?? looks[0]?.latencyMs ?? { connect: 0, list: null },
  }
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt)
}

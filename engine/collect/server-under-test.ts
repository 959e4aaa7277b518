import {
  type HttpPort,
  type Isolation,
  ordinaryBounds,
  type ProbeStart,
  type Refusal,
  type SandboxedProcess,
  type SandboxPort,
  type SandboxRun,
  type ServerReply,
  type ServerUnderTest,
  type StartedServer,
} from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { placeRun } from '@upkeep/domain/run-plan/sandbox-run'
import { type Conversation, converse } from '../ports/mcp-conversation.ts'
import { LineChannel } from '../ports/mcp-line-channel.ts'
import { refuse } from '../ports/network-refusal.ts'
import { courierFile, courierRun, openCourier } from './courier.ts'

export interface UnderTest {
  name: string
  package: ServerUnderTest['package']
  plan: RunPlan
  needs: readonly Isolation[]
  sandbox: SandboxPort
}

/** A server that a probe may start, and the end of all that it started. */
export interface Bench {
  server: ServerUnderTest
  /** Kills whatever still runs. */
  clear(): Promise<void>
}

const openingMs = 15_000
const settlingMs = 1_000

/** Hands a probe a server's own bytes. What it starts is on record here, so that nothing outlives the probe. */
export function benchFor(under: UnderTest): Bench {
  const running = new Set<SandboxedProcess>()
  async function start(how: ProbeStart = {}): Promise<StartedServer | Refusal> {
    const run = runOf(under.plan, how)
    const process = await under.sandbox.start(run, under.needs)
    if ('state' in process) return process
    running.add(process)
    const stop = () => process.stop().finally(() => running.delete(process))
    const unspoken = { process, stop, request: silent, call: silent, http: noHttp }
    if (how.opens === 'none') return unspoken
    if (typeof how.opens === 'object') return { ...unspoken, http: openCourier(process) }
    return speak(process, stop, run.bounds)
  }
  return {
    server: { name: under.name, package: under.package, start },
    clear: async () => {
      await Promise.all([...running].map((process) => process.stop()))
    },
  }
}

function runOf(plan: RunPlan, how: ProbeStart): SandboxRun {
  const placed = placeRun(plan, how.args)
  const server = { argv: placed.argv, searches: placed.searches, env: { ...placed.env, ...how.env } }
  const lays = [...placed.lays, ...(how.lays ?? [])]
  const asked = {
    cwd: '/data',
    shows: placed.shows,
    ...(how.readsBack === undefined ? {} : { readsBack: how.readsBack }),
    ...(how.watch === undefined ? {} : { watch: how.watch }),
    bounds: { ...ordinaryBounds, ...how.bounds },
  }
  if (typeof how.opens === 'object') {
    // It is spoken to by a program beside it, in its own network: there the walls are those of the sandbox.
    const beside = [...(how.beside ?? []), { ...server, readyPort: how.opens.port }]
    return { ...asked, ...courierRun, lays: [...lays, courierFile], network: 'loopback', beside }
  }
  const open = { network: how.network ?? 'none', beside: how.beside ?? [] } as const
  if (placed.confined === null) return { ...asked, ...server, lays, ...open }
  // Without a network nothing beside it is in its reach.
  const reach = plan.confined?.network === 'open' ? open : ({ network: 'none', beside: [] } as const)
  return { ...asked, ...server, lays, ...reach, confined: placed.confined }
}

async function speak(
  process: SandboxedProcess,
  stop: StartedServer['stop'],
  { wallSeconds, outputBytes }: { wallSeconds: number; outputBytes: number },
): Promise<StartedServer | Refusal> {
  const channel = new LineChannel(process, { timeoutMs: wallSeconds * 1_000, maxBytes: outputBytes }, 'stdio')
  const opened = await converse('initialize', channel, openingMs)
  if (opened.state === 'open') return started(process, stop, opened)
  await channel.end()
  // What ended by itself says more with its own exit code than with ours.
  await Promise.race([process.ended, pause(settlingMs)])
  const { exitCode, ended } = await stop()
  const how = ended === 'by-itself' ? `it ended with ${exitCode}` : ended === 'stopped' ? 'it did not answer' : ended
  return { state: 'unavailable', code: 'unreachable', reason: `it was started and could not be spoken to: ${how}` }
}

function started(process: SandboxedProcess, stop: StartedServer['stop'], { channel }: Conversation): StartedServer {
  const request: StartedServer['request'] = async (method, params = {}, timeoutMs = openingMs) => {
    const from = performance.now()
    const answer = await channel.request(method, params, timeoutMs)
    return { ...answer, milliseconds: Math.round(performance.now() - from) }
  }
  return {
    process,
    request,
    http: noHttp,
    call: (tool, args, timeoutMs) => request('tools/call', { name: tool, arguments: args }, timeoutMs),
    stop: async () => {
      await channel.end()
      return stop()
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

const noHttp: HttpPort = {
  exchange: async () => refuse('not-supported', 'it was not started to be spoken to by HTTP'),
}

async function silent(): Promise<ServerReply> {
  return { state: 'failed', milliseconds: 0 }
}

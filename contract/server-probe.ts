import type { ServerProbeResult, Tried } from './observations/server-probes.ts'
import type { HttpPort } from './ports.ts'
import type { Refusal } from './refusal.ts'
import type { Isolation, SandboxBounds, SandboxedProcess, SandboxOutcome, SandboxRun } from './sandbox.ts'

/** How a probe wants a server started. What is left out is as declared, with stand-ins and empty folders. */
export interface ProbeStart extends Partial<Pick<SandboxRun, 'lays' | 'network' | 'beside' | 'readsBack' | 'watch'>> {
  /** The server's own arguments, instead of those declared. */
  args?: readonly string[]
  /** Variables beside those declared. */
  env?: Readonly<Record<string, string>>
  bounds?: Partial<SandboxBounds>
  /**
   * `mcp`: a conversation over standard input and output is opened before the server is handed over. `none`: it is not spoken to.
   * `port`: it is handed over once it listens on that port of its own loopback, and spoken to with `http`.
   */
  opens?: 'mcp' | 'none' | { port: number }
}

/** An answer to one request, and how long it was waited for. `failed`: none came in time. The texts are the server's: hostile. */
export type ServerReply = { milliseconds: number } & (
  | { state: 'result'; result: Readonly<Record<string, unknown>> }
  | { state: 'error'; code: number; message: string }
  | { state: 'failed' }
)

/** A server that runs in the sandbox and is spoken to. */
export interface StartedServer {
  request(method: string, params?: object, timeoutMs?: number): Promise<ServerReply>
  /** `tools/call`. */
  call(tool: string, args: Readonly<Record<string, unknown>>, timeoutMs?: number): Promise<ServerReply>
  /** Speaks HTTP from inside, where the start was by `port`: 127.0.0.1 is the sandbox's own. */
  http: HttpPort
  process: SandboxedProcess
  /** Kills it and says how it went. Safe to call twice; the engine does it too. */
  stop(): Promise<SandboxOutcome>
}

/** A server's own bytes, to be started as often as a probe needs. Each start is fresh: nothing is left of the one before. */
export interface ServerUnderTest {
  name: string
  package: { ecosystem: string; name: string; version: string | null } | null
  start(how?: ProbeStart): Promise<StartedServer | Refusal>
}

/**
 * What one attempt came to. `not-applicable`: the server has nothing that the attack could work on, so that neither success nor failure of
 * it would say anything.
 */
export type ServerProbeAttempt = Pick<ServerProbeResult, 'outcome' | 'detail' | 'transcript'>

/**
 * How one weakness or control of a server is tried on its own bytes, harmlessly, in the sandbox. It says what it sent, reaches nothing
 * outside, and leaves nothing; the engine tries again before it believes `broken` or `inconclusive`.
 */
export interface ServerProbe {
  id: string
  version: number
  title: string
  tries: Tried
  /** The packages that it is for; null for every server. */
  of: readonly { ecosystem: string; name: string }[] | null
  /** The sentence of a specification or the weakness that it tests. */
  cites: readonly string[]
  needs: readonly Isolation[]
  timeoutSeconds: number
  attempt(server: ServerUnderTest): Promise<ServerProbeAttempt>
}

/** Declares a probe of a server's own bytes. */
export function defineServerProbe(probe: ServerProbe): ServerProbe {
  return probe
}

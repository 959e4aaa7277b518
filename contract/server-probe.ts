import type { Tried } from './observations/server-probes.ts'
import type { ProbeAttempt } from './probe.ts'
import type { Refusal } from './refusal.ts'
import type { Isolation, SandboxBounds, SandboxedProcess, SandboxOutcome, SandboxRun } from './sandbox.ts'

/** How a probe wants a server started. What is left out is as declared, with stand-ins and empty folders. */
export interface ProbeStart
  extends Partial<Pick<SandboxRun, 'lays' | 'network' | 'beside' | 'exposes' | 'readsBack' | 'watch'>> {
  /** The server's own arguments, instead of those declared. */
  args?: readonly string[]
  /** Variables beside those declared. */
  env?: Readonly<Record<string, string>>
  bounds?: Partial<SandboxBounds>
  /** `mcp`: a conversation is opened before the server is handed over. `none`: it is not spoken to. */
  opens?: 'mcp' | 'none'
}

/** An answer to one request. `failed`: none came in time. The texts are the server's: hostile. */
export type ServerReply =
  | { state: 'result'; result: Readonly<Record<string, unknown>> }
  | { state: 'error'; code: number; message: string }
  | { state: 'failed' }

/** A server that runs in the sandbox and is spoken to. */
export interface StartedServer {
  request(method: string, params?: object, timeoutMs?: number): Promise<ServerReply>
  /** `tools/call`. */
  call(tool: string, args: Readonly<Record<string, unknown>>, timeoutMs?: number): Promise<ServerReply>
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
  attempt(server: ServerUnderTest): Promise<ProbeAttempt>
}

/** Declares a probe of a server's own bytes. */
export function defineServerProbe(probe: ServerProbe): ServerProbe {
  return probe
}

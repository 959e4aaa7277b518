import type { Control, ProbeResult } from './observations/control-probes.ts'
import type { PortName, Ports } from './ports.ts'
import type { UpkeepFile } from './upkeep-file.ts'

type Listed = UpkeepFile['probe'][number]

/** A listed endpoint to try. Credentials are whole headers, sent only where a probe means to be let in, or means not to be. */
export interface ProbeSubject {
  url: string
  authorization: string | null
  /** A token of the same issuer for another server. */
  foreignAuthorization?: string | null
  /** Calls that must be denied, the log file in which a denial must appear, and how many requests may be made to find a limit. */
  denied?: Listed['denied']
  log?: Listed['log']
  /** A call that makes the server ask somebody else, and the log of what goes out then. */
  upstream?: Listed['upstream']
  burst?: Listed['burst']
}

/** What one attempt of a probe saw; the engine adds the probe's id, version and number of attempts. */
export type ProbeAttempt = Pick<ProbeResult, 'detail' | 'transcript'> & { outcome: 'held' | 'broken' | 'inconclusive' }
export type ControlAttempt = Pick<ProbeResult, 'outcome' | 'detail' | 'transcript' | 'detectedAfterMs'>

/**
 * How one control is tried with a harmless negative request. Goes only to endpoints under `probe`. Marks itself in its headers, cleans
 * up what it opened; the engine tries again before it believes `broken` or `inconclusive`.
 */
export interface Probe<Reach extends PortName = PortName> {
  id: string
  version: number
  title: string
  control: Control
  /** The sentence of a specification or the weakness that it tests. */
  cites: readonly string[]
  reaches: readonly Reach[]
  timeoutSeconds: number
  /** Whether it must come after all others: what it does may keep them from being answered. */
  last?: boolean
  attempt(subject: ProbeSubject, ports: Pick<Ports, Reach>): Promise<ControlAttempt>
}

export interface AnyProbe extends Omit<Probe, 'attempt'> {
  attempt(subject: ProbeSubject, ports: Ports): Promise<ControlAttempt>
}

/** Declares a probe. */
export function defineProbe<const Reach extends PortName>(probe: Probe<Reach>): Probe<Reach> {
  return probe
}

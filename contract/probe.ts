import type { Control, ProbeResult } from './observations/control-probes.ts'
import type { PortName, Ports } from './ports.ts'

/** A listed endpoint to try. `authorization` is sent only where a probe means to be let in. */
export interface ProbeSubject {
  url: string
  authorization: string | null
}

/** What one attempt of a probe saw; the engine adds the probe's id, version and number of attempts. */
export type ProbeAttempt = Pick<ProbeResult, 'outcome' | 'detail' | 'transcript'>

/**
 * How one control is tried with a harmless negative request. Goes only to endpoints under `probe`. Marks itself in `user-agent`, cleans
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
  attempt(subject: ProbeSubject, ports: Pick<Ports, Reach>): Promise<ProbeAttempt>
}

export interface AnyProbe extends Omit<Probe, 'attempt'> {
  attempt(subject: ProbeSubject, ports: Ports): Promise<ProbeAttempt>
}

/** Declares a probe. */
export function defineProbe<const Reach extends PortName>(probe: Probe<Reach>): Probe<Reach> {
  return probe
}

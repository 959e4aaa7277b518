import type { Observation, ObservationKind } from './observation.ts'
import type { DeclaredServer } from './observations/declared-server.ts'
import type { Place } from './place.ts'
import type { PortName, Ports } from './ports.ts'
import type { Settings } from './settings.ts'
import type { Subject } from './subject.ts'
import type { Instant } from './time.ts'

/** Whom one call of a collector is for: a place, one declared server, or the whole fleet. */
export type CollectFor =
  | { per: 'place'; place: Place }
  | { per: 'server'; subject: Subject; place: Place; server: DeclaredServer }
  | { per: 'fleet'; places: readonly Place[] }

/** What a collector is given besides its ports. `prior` holds the observations of the kinds in `after`: of this place, this server or the fleet. */
export interface CollectCall<Per extends CollectFor['per'], Reach extends PortName, After extends ObservationKind> {
  for: Extract<CollectFor, { per: Per }>
  prior: { readonly [Kind in After]: readonly Observation<Kind>[] }
  ports: Pick<Ports, Reach>
  settings: Settings
  at: Instant
  /** True once the call's time is up or the user stopped the round. */
  signal: { readonly aborted: boolean }
  /** Told what is being done, for a progress line. */
  progress?: (what: string) => void
}

/**
 * How kinds of observation are obtained: read-only. It returns what is, never what is bad. It declares which ports it reaches and is
 * handed no other. A thrown error becomes `collector-failed` for its subject; it never ends the round.
 */
export interface Collector<
  Sees extends ObservationKind = ObservationKind,
  Per extends CollectFor['per'] = CollectFor['per'],
  Reach extends PortName = PortName,
  After extends ObservationKind = ObservationKind,
> {
  id: string
  version: number
  title: string
  sees: readonly Sees[]
  per: Per
  reaches: readonly Reach[]
  after: readonly After[]
  /** Bounds one call. */
  timeoutSeconds: number
  collect(call: CollectCall<Per, Reach, After>): Promise<readonly Observation<Sees>[]>
}

/** A collector as the engine holds it, when it no longer matters which. */
export interface AnyCollector extends Omit<Collector, 'collect'> {
  collect(call: AnyCollectCall): Promise<readonly Observation[]>
}

/**
 * A call whose prior observations and ports are known only at run time: exactly the kinds in `after` and the ports in `reaches`. Typed so
 * that each collector's own call is one of these: else no collector would be an `AnyCollector`.
 */
export interface AnyCollectCall
  extends Omit<CollectCall<CollectFor['per'], PortName, ObservationKind>, 'prior' | 'ports'> {
  prior: Readonly<Record<string, readonly Observation[]>>
  ports: Partial<Ports>
}

/** Declares a collector. */
export function defineCollector<
  const Sees extends ObservationKind,
  const Per extends CollectFor['per'],
  const Reach extends PortName,
  const After extends ObservationKind,
>(collector: Collector<Sees, Per, Reach, After>): Collector<Sees, Per, Reach, After> {
  return collector
}

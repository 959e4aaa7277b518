import type { AnyCollector, AnyDuty, AnyProbe, AnyRemediation, ServerProbe } from '@upkeep/contract'

/** The units that are installed, handed to the engine by whoever composes the product: it knows none of them by name. */
export interface Catalog {
  readonly duties: readonly AnyDuty[]
  readonly collectors: readonly AnyCollector[]
  readonly probes: readonly AnyProbe[]
  readonly serverProbes: readonly ServerProbe[]
  readonly remediations: readonly AnyRemediation[]
}

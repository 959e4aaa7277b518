import type { AnyCollector, AnyDuty, AnyProbe, AnyRemediation, ServerProbe } from '@upkeep/contract'
import type { AttackAtom } from '@upkeep/contract/attack-atom'

/** The units that are installed, handed to the engine by whoever composes the product: it knows none of them by name. */
export interface Catalog {
  readonly duties: readonly AnyDuty[]
  readonly collectors: readonly AnyCollector[]
  readonly probes: readonly AnyProbe[]
  readonly serverProbes: readonly ServerProbe[]
  readonly remediations: readonly AnyRemediation[]
  /** Harmless attacks; those that may be made on a server in use are made on listed endpoints too. */
  readonly atoms?: readonly AttackAtom[]
}

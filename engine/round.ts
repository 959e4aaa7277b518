import type { AnyDuty, Cadence, Person, Place, Ports, Run, Settings } from '@upkeep/contract'
import type { Catalog } from './kernel/catalog.ts'
import type { Clock } from './kernel/clock.ts'
import type { Store } from './store/store.ts'

/** One duty that a round is to run. */
export interface PlannedRun {
  duty: AnyDuty
  cadence: Cadence
  reason: Run['reason']
  params: Record<string, unknown>
}

/** Records of one type, to become leaves of the ledger. */
export type Sealable = { type: 'run' | 'finding' | 'acceptance' | 'baseline' | 'attestation'; record: { id: string } }

/** Seals records into the ledger and signs a checkpoint, inside the transaction that stores them. */
export type Seal = (tx: Store, records: readonly Sealable[], at: string) => Promise<void>

/** All that one pass over the data path takes. */
export interface RoundContext {
  id: string
  duties: readonly PlannedRun[]
  catalog: Catalog
  store: Store
  ports: Ports
  places: readonly Place[]
  settings: Settings
  people: readonly Person[]
  clock: Clock
  practice: boolean
  seal: Seal
  signal: AbortSignal
  progress?: (what: string) => void
}

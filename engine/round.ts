import type { AnyDuty, Cadence, Person, Place, Ports, Run, Settings } from '@upkeep/contract'
import type { ApprovalPolicy } from '@upkeep/contract/approval-policy'
import type { KeptBytes } from './change/kept-bytes.ts'
import type { Keyring } from './evidence/keyring.ts'
import type { Catalog } from './kernel/catalog.ts'
import type { Clock } from './kernel/clock.ts'
import type { Store } from './store/store.ts'

/** One duty that a round is to run. */
export interface PlannedRun {
  duty: AnyDuty
  cadence: Cadence
  reason: Run['reason']
  params: Record<string, unknown>
  /** What the schedule has to say of this run, such as that the clock went back; empty for nothing. */
  note: string
}

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
  /** What changes take before they may be made, every one of these lists. */
  policies(): Promise<readonly (readonly ApprovalPolicy[])[]>
  /** What the files of changes were before; left out, whether it can be read is not looked at. */
  kept?: KeptBytes | undefined
  clock: Clock
  practice: boolean
  /** Records of periods that passed without a run, to be kept with this round's. */
  missed: readonly Run[]
  /** Throws when this process is no longer the one that may write. */
  confirm(tx: Store): Promise<void>
  /** What it takes to seal the records into the ledger. */
  keyring: Keyring
  signal: AbortSignal
  progress?: (what: string) => void
}

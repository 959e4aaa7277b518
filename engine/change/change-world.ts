import type { AskedApprovals } from '@upkeep/contract/approval-policy'
import type { ChangeAssessment, ChangeSighting, ChangeStep, ChangeTest } from '@upkeep/contract/change-step'
import type { Ports } from '@upkeep/contract/ports'
import type { AnyRemediation } from '@upkeep/contract/remediation'
import type { Slot } from '@upkeep/domain/calendar/maintenance-calendar'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { Clock } from '../kernel/clock.ts'
import type { SecretStores } from '../ports/secret-stores.ts'
import type { Store } from '../store/store.ts'
import type { KeptBytes } from './kept-bytes.ts'
import type { Between } from './write-file.ts'

/** One thing that has to be there before a change is made. */
export type Precondition = Extract<ChangeStep, { is: 'go-no-go' }>['checks'][number]

/** Everything that making a change touches. The stages beside this one are handed in: what seals, judges, tests and looks again. */
export interface ChangeWorld {
  readonly store: Store
  readonly clock: Clock
  readonly remediations: readonly AnyRemediation[]
  readonly ports: Ports
  readonly kept: KeptBytes
  /** The stores that secrets can be put into. */
  readonly stores: SecretStores
  readonly signal: AbortSignal
  progress(what: string): void
  /** Seals what was appended, in the same transaction. */
  seal(tx: Store, steps: readonly ChangeStep[]): Promise<void>
  /** Throws UserError `not-approved` where one of these steps is not in the ledger as it was signed. */
  assertSealed(steps: readonly ChangeStep[]): Promise<void>
  assess(state: ChangeState): Promise<ChangeAssessment>
  test(state: ChangeState): Promise<ChangeTest[]>
  /** Why the change may not be made yet; null when it may. */
  heldBy(state: ChangeState): Promise<string | null>
  /** What its document lacks, so that it is held however it is approved; null where it may be made. */
  lacking(state: ChangeState): Promise<string | null>
  /** When the change may be made by the calendar; null where none is kept, or no time is free. */
  slotFor(state: ChangeState): Promise<Slot | null>
  /** Whether the time that it was given is still one by the calendar. */
  keepsItsTime(state: ChangeState): Promise<boolean>
  /**
   * What has to be there before the first write, beside the bytes to put back; by when it has to be done; and what the policies asked that it
   * is let through by, for the record.
   */
  contingency(
    state: ChangeState,
  ): Promise<{ checks: readonly Precondition[]; until: string | null; asked: readonly AskedApprovals[] }>
  /** Looks at the world again, and judges anew what the change should close. */
  observe(state: ChangeState): Promise<ChangeSighting>
  /** Looks once more as a scan may: nothing is started, nothing judged. Null where what ran before could not be looked for. */
  glance(state: ChangeState): Promise<ChangeSighting | null>
  /** Takes back what the change wrote in a text that somebody else wrote in since; `left` is what they changed too, which stays theirs. */
  revert(texts: {
    path: string
    before: string
    after: string
    now: string
  }): { state: 'reverted'; text: string; left: readonly string[] } | { state: 'refused'; reason: string }
  /** Where a test stops the process. */
  readonly between?: Between | undefined
}

import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '@upkeep/contract'
import type { Clock } from '@upkeep/engine/kernel/clock'
import type { ScanOutcome, ScanRequest } from '../operations/context.ts'

/** What the process around the doors takes. */
export interface DaemonInput {
  clock: Clock
  signal: AbortSignal
  scan(request: ScanRequest): Promise<ScanOutcome>
  tick(outcome: ScanOutcome): Promise<void>
  /** Keeps what is there as it shall be, and makes what is to be made now: each time the clock is looked at. */
  keep(): Promise<void>
  /** The moment at which the next duty is due. */
  nextDue(): Promise<string>
}

/** The clock is looked at this often, so that a machine that slept catches up soon after it wakes. */
const longestSleepMs = 60_000

/** Runs what is due until it is stopped. Another process at work on the same state is waited for, not an error. */
export async function runDaemon(input: DaemonInput): Promise<void> {
  while (!input.signal.aborted) {
    await unlessBusy(input, input.keep)
    if ((await input.nextDue()) <= input.clock.now()) await unlessBusy(input, () => runOnce(input))
    await pause(input)
  }
}

async function runOnce(input: DaemonInput): Promise<void> {
  await input.tick(await input.scan({ what: 'due', homes: [], probe: false, online: false }))
}

async function unlessBusy({ signal }: DaemonInput, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const busy = error instanceof UserError && error.code === 'state-busy'
    if (!busy && !signal.aborted) throw error
  }
}

async function pause({ nextDue, clock, signal }: DaemonInput): Promise<void> {
  const untilDue = Date.parse(await nextDue()) - Date.parse(clock.now())
  try {
    await sleep(Math.min(Math.max(untilDue, 1_000), longestSleepMs), undefined, { signal })
  } catch {
    // Stopped while asleep: the loop sees the signal.
  }
}

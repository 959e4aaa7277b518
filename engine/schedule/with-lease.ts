import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../kernel/clock.ts'
import { identifyProcess, writeIdentity } from '../kernel/process-identity.ts'
import type { LeaseAnswer, LeaseRequest } from '../store/rounds-and-leases.ts'
import type { Store } from '../store/store.ts'
import { describeHolder, holderHasEnded, type LeaseTaken, leaseLost, leaseTaken } from './lease-holder.ts'

/** The right to work alone, while it lasts. */
export interface Lease {
  /** Aborted when the lease was lost: another process holds it now. */
  readonly signal: AbortSignal
  /** Throws UserError `state-busy` when the lease was lost. Called inside the transaction that commits, it keeps a sleeper from writing. */
  confirm(tx: Store): Promise<void>
}

export interface LeaseOptions {
  readonly name: string
  readonly ttlSeconds?: number
  /** How long to wait for another holder; 0 says at once why not. */
  readonly waitSeconds?: number
  /** Told once when waiting begins, with who holds the lease and for how long. */
  onWait?(holder: string): void
}

const pauseMs = 100

/**
 * Does something that only one process may do at a time. The lease is renewed while `fn` runs and ends with it; after a crash it ends by
 * itself, at once when the holder is known to be gone. Time is the machine's own even under a simulated clock: the processes are real.
 */
export async function withLease<Result>(
  store: Store,
  options: LeaseOptions,
  fn: (lease: Lease) => Promise<Result>,
): Promise<Result> {
  const { name, ttlSeconds = 30 } = options
  const ask = { name, ttlSeconds, holder: writeIdentity(identifyProcess()) }
  await acquire(store, ask, options)
  const lost = new AbortController()
  const beat = keepAlive(store, ask, lost)
  try {
    return await fn({ signal: lost.signal, confirm: (tx) => confirm(tx, ask, lost) })
  } finally {
    await beat.stop()
    await store.leases.release(ask)
  }
}

type Ask = Omit<LeaseRequest, 'now'>

async function acquire(store: Store, ask: Ask, { waitSeconds = 60, onWait }: LeaseOptions): Promise<void> {
  const began = performance.now()
  let watched: Watched | null = null
  for (;;) {
    const answer = await tryOnce(store, ask, watched)
    if (answer.held) return
    const now = systemClock.now()
    const waited = (performance.now() - began) / 1_000
    if (waited >= waitSeconds) throw leaseTaken(answer, now, Math.floor(waited))
    if (watched === null) onWait?.(describeHolder(answer, now))
    watched = watch(watched, answer)
    await sleep(pauseMs)
  }
}

/** A lease as it was last seen to change, by a clock that cannot be set. */
interface Watched {
  readonly taken: LeaseTaken
  readonly sinceMs: number
}

function watch(before: Watched | null, taken: LeaseTaken): Watched {
  const same = before?.taken.holder === taken.holder && before.taken.until === taken.until
  return same && before ? before : { taken, sinceMs: performance.now() }
}

/** Besides the lease's own end, two things free it: its holder is gone, or it went unrenewed for its whole time though the clock says otherwise. */
async function tryOnce(store: Store, ask: Ask, watched: Watched | null): Promise<LeaseAnswer> {
  const request = { ...ask, now: systemClock.now() }
  const answer = await store.leases.acquire(request)
  if (answer.held) return answer
  const unrenewedMs = watched?.taken.until === answer.until ? performance.now() - watched.sinceMs : 0
  const isDead = holderHasEnded(answer) || unrenewedMs > ask.ttlSeconds * 1_000
  return isDead ? store.leases.takeOver({ ...request, from: answer }) : answer
}

async function confirm(tx: Store, ask: Ask, lost: AbortController): Promise<void> {
  if (!lost.signal.aborted && (await tx.leases.renew({ ...ask, now: systemClock.now() }))) return
  lost.abort()
  throw leaseLost()
}

function keepAlive(store: Store, ask: Ask, lost: AbortController) {
  let beating: Promise<void> = Promise.resolve()
  async function beat(): Promise<void> {
    try {
      if (!(await store.leases.renew({ ...ask, now: systemClock.now() }))) lost.abort()
    } catch {
      // The database may be busy or away for a moment; the next beat or the commit will tell.
    }
  }
  const timer = setInterval(
    () => {
      beating = beating.then(beat)
    },
    (ask.ttlSeconds * 1_000) / 3,
  )
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await beating
    },
  }
}

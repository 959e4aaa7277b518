import type { ClockKind, Run } from '@upkeep/contract/run'

/** What a round set out to do for one duty: what its record must say if the round is killed. */
export interface RoundDuty {
  readonly duty: string
  readonly dutyVersion: number
  readonly cadence: string
  readonly reason: Run['reason']
}

/** A round as it begins. */
export interface RoundStart {
  readonly id: string
  readonly at: string
  readonly host: string
  readonly pid: number
  readonly practice: boolean
  readonly clock: ClockKind
  readonly duties: readonly RoundDuty[]
}

/** A round, and how it stands. `abandoned`: its process ended before it did. */
export interface Round extends RoundStart {
  readonly state: 'running' | 'finished' | 'abandoned'
  readonly endedAt: string | null
}

export interface Rounds {
  begin(round: RoundStart): Promise<void>
  finish(id: string, at: string): Promise<void>
  abandon(id: string, at: string): Promise<void>
  /** Begun and neither finished nor abandoned, oldest first. */
  running(): Promise<Round[]>
  get(id: string): Promise<Round | null>
}

export interface LeaseRequest {
  readonly name: string
  /** Unique to the process and the moment: a second request under the same text is the same holder. */
  readonly holder: string
  readonly ttlSeconds: number
  readonly now: string
}

export type LeaseAnswer =
  | { readonly held: true }
  | { readonly held: false; readonly holder: string; readonly since: string; readonly until: string }

/** The right to do one named thing alone, for a while. */
export interface Leases {
  /** Taken when free, expired (`until` at or before `now`) or already the holder's. */
  acquire(request: LeaseRequest): Promise<LeaseAnswer>
  /** Moves `until` on. False when the lease is no longer the holder's: it must stop. */
  renew(request: LeaseRequest): Promise<boolean>
  release(request: { readonly name: string; readonly holder: string }): Promise<void>
  /** Takes the lease from a holder that the caller knows to be dead, and only as long as it stands as the caller saw it. */
  takeOver(
    request: LeaseRequest & { readonly from: { readonly holder: string; readonly until: string } },
  ): Promise<LeaseAnswer>
}

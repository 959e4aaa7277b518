import { UserError } from '@upkeep/contract/errors'
import { hasEnded, readIdentity } from '../kernel/process-identity.ts'

/** Who holds a lease that somebody else asked for. */
export interface LeaseTaken {
  readonly holder: string
  readonly since: string
  readonly until: string
}

/** True when the holder is certain to be gone. */
export function holderHasEnded({ holder }: LeaseTaken): boolean {
  const identity = readIdentity(holder)
  return identity !== null && hasEnded(identity)
}

/** Who holds it and for how long, in words: `process 4242 on laptop, for 12 s`. */
export function describeHolder({ holder, since }: LeaseTaken, now: string): string {
  const identity = readIdentity(holder)
  const who = identity === null ? 'another process' : `process ${identity.pid} on ${identity.host}`
  return `${who}, for ${duration(Date.parse(now) - Date.parse(since))}`
}

export function leaseTaken(taken: LeaseTaken, now: string, waitedSeconds: number): UserError {
  const waited = waitedSeconds > 0 ? ` Waited ${waitedSeconds} s.` : ''
  return new UserError(
    'state-busy',
    `Another upkeep is at work on the same state: ${describeHolder(taken, now)}.${waited} Nothing was done.`,
    'Wait for it to end, then run this again. If it was killed, its hold ends by itself within a minute.',
  )
}

export function leaseLost(): UserError {
  return new UserError(
    'state-busy',
    'This process was stopped for so long that another one took over; what it had not yet stored was dropped.',
    'Run this again.',
  )
}

function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`
}

<<<<<<< HEAD

import type { ServerProbeAttempt } from '@upkeep/contract'

=======

import type { ControlAttempt, ProbeAttempt } from '@upkeep/contract'

>>>>>>> 0c446cf (Nine more controls tried on listed endpoints: TLS, bind, audience, sessions, errors, size, denied calls, log delivery, rate limit; vendors never)

import { withinTime } from './within-time.ts'

const maxAttempts = 3

/** What an attempt comes to that did not end, or does not agree with another. */
export type Inconclusive = ServerProbeAttempt & { outcome: 'inconclusive' }

/**
 * Makes an attempt until it can be believed. `held` and `not-applicable` are believed at once; `broken` and `inconclusive` only when two attempts agree: a
 * control that fails once in three is not shown to hold, nor shown to be broken.
 */
<<<<<<< HEAD
export async function believeTwice<Attempt extends ServerProbeAttempt>(
  attempt: () => Promise<Attempt>,
): Promise<{ attempt: Attempt | Inconclusive; attempts: number }> {
=======
export async function believeTwice<Attempt extends ControlAttempt>(
  attempt: () => Promise<Attempt>,
): Promise<{ attempt: Attempt | ProbeAttempt; attempts: number }> {
>>>>>>> 0c446cf (Nine more controls tried on listed endpoints: TLS, bind, audience, sessions, errors, size, denied calls, log delivery, rate limit; vendors never)
  const seen: Attempt[] = []
  let decided: Attempt | null = null
  while (decided === null && seen.length < maxAttempts) {
    seen.push(await attempt())
    decided = agreement(seen)
  }
  return { attempt: decided ?? disagreement(seen), attempts: seen.length }
}

/** One attempt within its time. */
<<<<<<< HEAD
export async function attemptWithin<Attempt extends ServerProbeAttempt>(
  seconds: number,
  signal: AbortSignal,
  call: () => Promise<Attempt>,
): Promise<Attempt | Inconclusive> {
=======
export async function attemptWithin<Attempt extends ControlAttempt>(
  seconds: number,
  signal: AbortSignal,
  call: () => Promise<Attempt>,
): Promise<Attempt | ProbeAttempt> {
>>>>>>> 0c446cf (Nine more controls tried on listed endpoints: TLS, bind, audience, sessions, errors, size, denied calls, log delivery, rate limit; vendors never)
  const outcome = await withinTime(seconds, signal, call)
  if (outcome.state === 'done') return outcome.value
  return { outcome: 'inconclusive', detail: `the attempt ${outcome.reason}`, transcript: [] }
}

<<<<<<< HEAD
function agreement<Attempt extends ServerProbeAttempt>(seen: readonly Attempt[]): Attempt | null {
  const last = seen.at(-1)
  if (last === undefined) return null
  const settles = last.outcome === 'held' || last.outcome === 'not-applicable'
  if (seen.length === 1) return settles ? last : null
  if (settles && seen.some(({ outcome }) => outcome === 'broken')) return null
=======
function agreement<Attempt extends ControlAttempt>(seen: readonly Attempt[]): Attempt | null {
  const last = seen.at(-1)
  if (last === undefined) return null
  if (seen.length === 1) return last.outcome === 'held' || last.outcome === 'not-applicable' ? last : null
  if (last.outcome === 'held' && seen.some(({ outcome }) => outcome === 'broken')) return null
>>>>>>> 0c446cf (Nine more controls tried on listed endpoints: TLS, bind, audience, sessions, errors, size, denied calls, log delivery, rate limit; vendors never)
  const same = seen.filter(({ outcome }) => outcome === last.outcome)
  return settles || same.length > 1 ? last : null
}

<<<<<<< HEAD
function disagreement(seen: readonly ServerProbeAttempt[]): Inconclusive {
=======
function disagreement(seen: readonly ControlAttempt[]): ProbeAttempt {
>>>>>>> 0c446cf (Nine more controls tried on listed endpoints: TLS, bind, audience, sessions, errors, size, denied calls, log delivery, rate limit; vendors never)
  const outcomes = seen.map(({ outcome }) => outcome).join(', ')
  return {
    outcome: 'inconclusive',
    detail: `the attempts do not agree (${outcomes}); ${seen.find(({ outcome }) => outcome === 'broken')?.detail ?? ''}`,
    transcript: seen.flatMap(({ transcript }) => transcript),
  }
}

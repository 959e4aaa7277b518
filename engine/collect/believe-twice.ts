import type { ServerProbeAttempt } from '@upkeep/contract'
import { withinTime } from './within-time.ts'

const maxAttempts = 3

/** What an attempt comes to that did not end, or does not agree with another. */
export type Inconclusive = ServerProbeAttempt & { outcome: 'inconclusive' }

/**
 * Makes an attempt until it can be believed. `held` and `not-applicable` are believed at once; `broken` and `inconclusive` only when two attempts agree: a
 * control that fails once in three is not shown to hold, nor shown to be broken.
 */
export async function believeTwice<Attempt extends ServerProbeAttempt>(
  attempt: () => Promise<Attempt>,
): Promise<{ attempt: Attempt | Inconclusive; attempts: number }> {
  const seen: Attempt[] = []
  let decided: Attempt | null = null
  while (decided === null && seen.length < maxAttempts) {
    seen.push(await attempt())
    decided = agreement(seen)
  }
  return { attempt: decided ?? disagreement(seen), attempts: seen.length }
}

/** One attempt within its time. */
export async function attemptWithin<Attempt extends ServerProbeAttempt>(
  seconds: number,
  signal: AbortSignal,
  call: () => Promise<Attempt>,
): Promise<Attempt | Inconclusive> {
  const outcome = await withinTime(seconds, signal, call)
  if (outcome.state === 'done') return outcome.value
  return { outcome: 'inconclusive', detail: `the attempt ${outcome.reason}`, transcript: [] }
}

function agreement<Attempt extends ServerProbeAttempt>(seen: readonly Attempt[]): Attempt | null {
  const last = seen.at(-1)
  if (last === undefined) return null
  const settles = last.outcome === 'held' || last.outcome === 'not-applicable'
  if (seen.length === 1) return settles ? last : null
  if (settles && seen.some(({ outcome }) => outcome === 'broken')) return null
  const same = seen.filter(({ outcome }) => outcome === last.outcome)
  return settles || same.length > 1 ? last : null
}

function disagreement(seen: readonly ServerProbeAttempt[]): Inconclusive {
  const outcomes = seen.map(({ outcome }) => outcome).join(', ')
  return {
    outcome: 'inconclusive',
    detail: `the attempts do not agree (${outcomes}); ${seen.find(({ outcome }) => outcome === 'broken')?.detail ?? ''}`,
    transcript: seen.flatMap(({ transcript }) => transcript),
  }
}

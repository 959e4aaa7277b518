import type { ProbeAttempt } from '@upkeep/contract'
import { withinTime } from './within-time.ts'

const maxAttempts = 3

/**
 * Makes an attempt until it can be believed. `held` is believed at once; `broken` and `inconclusive` only when two attempts agree: a
 * control that fails once in three is not shown to hold, nor shown to be broken.
 */
export async function believeTwice(
  attempt: () => Promise<ProbeAttempt>,
): Promise<{ attempt: ProbeAttempt; attempts: number }> {
  const seen: ProbeAttempt[] = []
  let decided: ProbeAttempt | null = null
  while (decided === null && seen.length < maxAttempts) {
    seen.push(await attempt())
    decided = agreement(seen)
  }
  return { attempt: decided ?? disagreement(seen), attempts: seen.length }
}

/** One attempt within its time. */
export async function attemptWithin(
  seconds: number,
  signal: AbortSignal,
  call: () => Promise<ProbeAttempt>,
): Promise<ProbeAttempt> {
  const outcome = await withinTime(seconds, signal, call)
  if (outcome.state === 'done') return outcome.value
  return { outcome: 'inconclusive', detail: `the attempt ${outcome.reason}`, transcript: [] }
}

function agreement(seen: readonly ProbeAttempt[]): ProbeAttempt | null {
  const last = seen.at(-1)
  if (last === undefined) return null
  if (seen.length === 1) return last.outcome === 'held' ? last : null
  if (last.outcome === 'held' && seen.some(({ outcome }) => outcome === 'broken')) return null
  const same = seen.filter(({ outcome }) => outcome === last.outcome)
  return last.outcome === 'held' || same.length > 1 ? last : null
}

function disagreement(seen: readonly ProbeAttempt[]): ProbeAttempt {
  const outcomes = seen.map(({ outcome }) => outcome).join(', ')
  return {
    outcome: 'inconclusive',
    detail: `the attempts do not agree (${outcomes}); ${seen.find(({ outcome }) => outcome === 'broken')?.detail ?? ''}`,
    transcript: seen.flatMap(({ transcript }) => transcript),
  }
}

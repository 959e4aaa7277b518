import { type AnyDuty, fleet, type Subject } from '@upkeep/contract'
import { type ObservationIndex, ofKind } from '../kernel/observation-index.ts'

/**
 * Whom a duty is about in what was seen: each server that is declared now or was approved once, each person, or the fleet. Sorted by id,
 * so that the same observations give the same verdicts in the same order.
 */
export function subjectsOf(duty: AnyDuty, index: ObservationIndex): Subject[] {
  if (duty.scope === 'fleet') return [fleet]
  const kinds =
    duty.scope === 'server' ? (['declared-server', 'approved-server'] as const) : (['person-record'] as const)
  const found = new Map<string, Subject>()
  for (const kind of kinds) {
    for (const observation of ofKind(index, kind)) {
      // An approval that says "no state was approved" is about no server of its own.
      if (kind === 'approved-server' && observation.state !== 'seen') continue
      found.set(observation.subject.id, observation.subject)
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Files that may declare servers and could not be read: servers may be missing, so nothing about the fleet is complete. */
export function unreadableConfigs(index: ObservationIndex): { subject: Subject; reason: string }[] {
  const unreadable: { subject: Subject; reason: string }[] = []
  for (const observation of ofKind(index, 'client-config')) {
    if (observation.state === 'unavailable')
      unreadable.push({ subject: observation.subject, reason: observation.reason })
  }
  return unreadable.sort((a, b) => (a.subject.id < b.subject.id ? -1 : 1))
}

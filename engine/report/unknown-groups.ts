import type { Subject } from '@upkeep/contract/subject'
import type { Unjudged } from './kept-parts.ts'
import type { DutyStanding, UnknownGroup } from './report-model.ts'

/** Everything that could not be judged, by reason: what one act would clear up stands together. Widest first. */
export function unknownGroups(
  verdicts: readonly { readonly duty: string; readonly verdict: Omit<Unjudged, 'verdict'> }[],
  standings: readonly DutyStanding[],
  fleet: Subject,
): UnknownGroup[] {
  const groups = new Map<string, { duties: Set<string>; subjects: Map<string, Subject> }>()
  function add(reason: string, duty: string, subject: Subject): void {
    const group = groups.get(reason) ?? { duties: new Set<string>(), subjects: new Map<string, Subject>() }
    group.duties.add(duty)
    group.subjects.set(subject.id, subject)
    groups.set(reason, group)
  }
  for (const { duty, verdict } of verdicts) for (const reason of verdict.unknowns) add(reason, duty, verdict.subject)
  for (const standing of standings) {
    const reason = standingReason(standing)
    if (reason !== null) add(reason, standing.duty.id, fleet)
  }
  return [...groups]
    .map(([reason, group]) => ({ reason, duties: [...group.duties].sort(), subjects: [...group.subjects.values()] }))
    .sort((one, other) => other.subjects.length - one.subjects.length || (one.reason < other.reason ? -1 : 1))
}

/** Why an adopted duty as a whole says nothing: it never ran, or its newest attempt came to nothing. */
function standingReason({ duty, latest, failedSince }: DutyStanding): string | null {
  if (failedSince !== null) return `the latest run of ${duty.title} ${outcomeWords(failedSince.outcome)}`
  return latest === null ? `${duty.title} has not run yet` : null
}

function outcomeWords(outcome: string): string {
  return outcome === 'failed'
    ? 'failed: what stands here is from the run before'
    : 'was interrupted and counts for nothing'
}

import type { TicketTracker } from '@upkeep/contract/ticket'
import type { ChangeState } from '../changes/change-state.ts'

/** Which tracker a change gets its ticket in: the first whose words fit it; null where none does. `owners`: who answers for its servers. */
export function coveredBy(
  trackers: readonly TicketTracker[],
  { plan, assessment }: Pick<ChangeState, 'plan' | 'assessment'>,
  owners: readonly string[],
): TicketTracker | null {
  const fits = ({ when }: TicketTracker) =>
    (when.class === undefined || when.class.includes(plan.class)) &&
    (when.risk === undefined || (assessment !== null && when.risk.includes(assessment.risk))) &&
    (when.owners === undefined || when.owners.some((owner) => owners.includes(owner)))
  return trackers.find(fits) ?? null
}

/** Of which kind a tracker is, in a word. */
export function trackerKind(tracker: TicketTracker): TrackerKind {
  if ('github' in tracker) return 'github'
  if ('gitlab' in tracker) return 'gitlab'
  return 'jira' in tracker ? 'jira' : 'servicenow'
}

export const trackerKinds = ['github', 'gitlab', 'jira', 'servicenow'] as const
export type TrackerKind = (typeof trackerKinds)[number]

/** Where its tickets are, as it may be shown: host and project. Never a secret. */
export function trackerPlace(tracker: TicketTracker): string {
  const project =
    'github' in tracker
      ? tracker.github
      : 'gitlab' in tracker
        ? tracker.gitlab
        : 'jira' in tracker
          ? tracker.jira
          : tracker.servicenow
  return `${tracker.at.replace(/^https?:\/\//, '')} ${project}`
}

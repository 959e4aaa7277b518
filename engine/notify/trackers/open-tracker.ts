import type { TicketTracker } from '@upkeep/contract/ticket'
import type { SendingHands } from '../send-notice.ts'
import { githubTracker } from './github.ts'
import { gitlabTracker } from './gitlab.ts'
import { jiraTracker } from './jira.ts'
import { serviceNowTracker } from './servicenow.ts'
import type { Tracker } from './tracker.ts'

/** The tracker that `upkeep.yaml` describes. Nothing is asked before something is wanted. */
export function openTracker(tracker: TicketTracker, hands: SendingHands): Tracker {
  if ('github' in tracker) return githubTracker(tracker, hands)
  if ('gitlab' in tracker) return gitlabTracker(tracker, hands)
  return 'jira' in tracker ? jiraTracker(tracker, hands) : serviceNowTracker(tracker, hands)
}

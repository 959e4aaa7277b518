import type { Notice } from '@upkeep/contract/notify'
import { linesOf, subjectOf } from './notice-text.ts'

const severities = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const
const maxSummary = 1_024

/** An event that raises an alert with PagerDuty (Events API v2). What is told of one matter has one `dedup_key`. */
export function pagerDutyEvent(notice: Notice, { key, id }: { key: string; id: string }): object {
  const { facts, details, more } = linesOf(notice)
  return {
    routing_key: key,
    dedup_key: dedupKey(notice.thread),
    event_action: 'trigger',
    client: 'mcp-upkeep',
    payload: {
      summary: subjectOf(notice).slice(0, maxSummary),
      source: facts.find(({ name }) => name === 'servers')?.value.slice(0, 200) ?? 'mcp-upkeep',
      severity: notice.rehearsal ? 'info' : severities[notice.severity ?? 'medium'],
      timestamp: notice.at,
      class: notice.event,
      custom_details: { ...Object.fromEntries(facts.map(({ name, value }) => [name, value])), details, more, id },
    },
  }
}

/** The event that says that somebody took it on, or that it is over. */
export function pagerDutyFollowUp({ thread, event }: Pick<Notice, 'thread' | 'event'>, key: string): object {
  const action = event === 'taken-on' ? 'acknowledge' : 'resolve'
  return { routing_key: key, dedup_key: dedupKey(thread), event_action: action }
}

function dedupKey(thread: string): string {
  return `upkeep/${thread}`.slice(0, 255)
}

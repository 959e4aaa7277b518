import type { TicketMessage, TrackerOf } from '@upkeep/contract/ticket'
import { ticketMarkdown } from '@upkeep/domain/tickets/markdown'
import { endsWithMark, ticketMark, ticketTitle } from '@upkeep/domain/tickets/ticket-text'
import { z } from 'zod'
import type { SendingHands } from '../send-notice.ts'
import { askTracker, Ignored, refusal, TrackerRefused, unlessGone, Words } from './ask.ts'
import type { TicketRef, Tracker } from './tracker.ts'

const Issue = z.object({
  number: z.int().positive(),
  state: Words,
  state_reason: Words.nullish(),
  body: z.string().nullish(),
  comments: z.int().nonnegative(),
  created_at: z.string(),
  closed_by: z.object({ login: Words }).nullish(),
  pull_request: z.unknown().optional(),
})
const Comment = z.object({ body: z.string().nullish() })

const pageSize = 100
const maxPages = 20
/** How far the clock of the tracker may be behind ours. */
const skewMs = 86_400_000

/** Issues of GitHub, by its REST API of 2022-11-28: https://docs.github.com/en/rest/issues */
export function githubTracker(tracker: TrackerOf<'github'>, hands: SendingHands): Tracker {
  const ask = askTracker(hands, tracker, (token) => ({
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  }))
  const issues = `/repos/${tracker.github}/issues`
  const refOf = ({ number }: { number: number }): TicketRef => ({
    ref: String(number),
    key: `${tracker.github}#${number}`,
    url: `${siteOf(tracker.at)}/${tracker.github}/issues/${number}`,
  })
  return {
    find: async (change, since) => {
      // The search of GitHub lags behind; its list does not. The newest first: no ticket of the change is older than the change.
      const oldest = Date.parse(since) - skewMs
      for (let page = 1; page <= maxPages; page += 1) {
        const query = `state=all&sort=created&direction=desc&per_page=${pageSize}&page=${page}`
        const { value } = await ask({ method: 'GET', path: `${issues}?${query}` }, z.array(Issue))
        const found = value.find(
          (one) => one.pull_request === undefined && endsWithMark(one.body ?? '', ticketMark(change)),
        )
        if (found !== undefined) return refOf(found)
        const last = value.at(-1)
        if (value.length < pageSize || last === undefined || Date.parse(last.created_at) < oldest) return null
      }
      throw refusal(
        `more than ${pageSize * maxPages} issues are newer than the change: whether one is its ticket is not known`,
        true,
      )
    },
    open: async (message) => {
      const draft = {
        title: ticketTitle(message.title, 256),
        body: ticketMarkdown(message, ticketMark(message.change)),
      }
      const post = (body: object) => ask({ method: 'POST', path: issues, body }, Issue)
      // Without the right to push, labels are dropped, or refused where they are new: the ticket matters more.
      const opened = await post({ ...draft, labels: tracker.labels }).catch((error: unknown) => {
        const isRefused = error instanceof TrackerRefused && error.status === 403 && !error.sent.again
        if (isRefused && tracker.labels.length > 0) return post(draft)
        throw error
      })
      return refOf(opened.value)
    },
    read: async (ref) => {
      const read = await unlessGone(ask({ method: 'GET', path: `${issues}/${ref}` }, Issue))
      if (read === null) return { is: 'gone' }
      const { state, state_reason, closed_by, comments } = read.value
      const isClosed = state === 'closed'
      const status = isClosed && state_reason != null ? `${state}, ${state_reason.replaceAll('_', ' ')}` : state
      return {
        is: isClosed ? 'closed' : 'open',
        status,
        closedBy: isClosed ? (closed_by?.login ?? null) : null,
        comments,
      }
    },
    holds: async (ref, mark) => {
      for (let page = 1; page <= maxPages; page += 1) {
        const path = `${issues}/${ref}/comments?per_page=${pageSize}&page=${page}`
        const { value } = await ask({ method: 'GET', path }, z.array(Comment))
        if (value.some(({ body }) => endsWithMark(body ?? '', mark))) return true
        if (value.length < pageSize) return false
      }
      return false
    },
    comment: async (ref, message: TicketMessage, mark) => {
      await ask(
        { method: 'POST', path: `${issues}/${ref}/comments`, body: { body: ticketMarkdown(message, mark) } },
        Ignored,
      )
    },
    move: async (ref, to) => {
      if (to === 'begun') return ''
      const body = { state: 'closed', state_reason: to === 'done' ? 'completed' : 'not_planned' }
      await ask({ method: 'PATCH', path: `${issues}/${ref}`, body }, Ignored)
      return 'closed there'
    },
  }
}

/** Where people read it: GitHub itself, or the Enterprise Server whose API lies below `/api/v3`. */
function siteOf(at: string): string {
  return at === 'https://api.github.com' ? 'https://github.com' : at.replace(/\/api\/v3$/, '')
}

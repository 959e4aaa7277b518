import type { TrackerOf } from '@upkeep/contract/ticket'
import { ticketMarkdown } from '@upkeep/domain/tickets/markdown'
import { endsWithMark, ticketMark, ticketTitle } from '@upkeep/domain/tickets/ticket-text'
import { z } from 'zod'
import type { SendingHands } from '../send-notice.ts'
import { askTracker, Ignored, unlessGone, Words } from './ask.ts'
import type { TicketRef, Tracker } from './tracker.ts'

const Issue = z.object({
  iid: z.int().positive(),
  state: Words,
  description: z.string().nullish(),
  user_notes_count: z.int().nonnegative().optional(),
  closed_by: z.object({ username: Words }).nullish(),
  web_url: z.string().optional(),
})
const Note = z.object({ body: z.string().nullish() })
const pageSize = 100
const maxPages = 20

/** Issues of GitLab, by its REST API v4: https://docs.gitlab.com/api/issues/ */
export function gitlabTracker(tracker: TrackerOf<'gitlab'>, hands: SendingHands): Tracker {
  const ask = askTracker(hands, tracker, (token) => ({ 'private-token': token }))
  const issues = `/api/v4/projects/${encodeURIComponent(tracker.gitlab)}/issues`
  const refOf = ({ iid, web_url }: z.infer<typeof Issue>): TicketRef => ({
    ref: String(iid),
    key: `${tracker.gitlab}#${iid}`,
    url: urlOf(tracker, iid, web_url),
  })
  return {
    find: async (change) => {
      const mark = ticketMark(change)
      const query = new URLSearchParams({ scope: 'all', search: mark, in: 'description', per_page: String(pageSize) })
      const { value } = await ask({ method: 'GET', path: `${issues}?${query}` }, z.array(Issue))
      const found = value.find(({ description }) => endsWithMark(description ?? '', mark))
      return found === undefined ? null : refOf(found)
    },
    open: async (message) => {
      const body = {
        title: ticketTitle(message.title, 255),
        description: ticketMarkdown(message, ticketMark(message.change)),
        labels: tracker.labels.join(','),
        ...(message.due === null ? {} : { due_date: message.due }),
      }
      return refOf((await ask({ method: 'POST', path: issues, body }, Issue)).value)
    },
    read: async (ref) => {
      const read = await unlessGone(ask({ method: 'GET', path: `${issues}/${ref}` }, Issue))
      if (read === null) return { is: 'gone' }
      const { state, closed_by, user_notes_count } = read.value
      const isClosed = state === 'closed'
      const closedBy = isClosed ? (closed_by?.username ?? null) : null
      return { is: isClosed ? 'closed' : 'open', status: state, closedBy, comments: user_notes_count ?? null }
    },
    holds: async (ref, mark) => {
      let page = '1'
      for (let pages = 0; pages < maxPages && page !== ''; pages += 1) {
        const path = `${issues}/${ref}/notes?per_page=${pageSize}&page=${page}`
        const { value, headers } = await ask({ method: 'GET', path }, z.array(Note))
        if (value.some(({ body }) => endsWithMark(body ?? '', mark))) return true
        page = /^\d{1,6}$/.exec(headers['x-next-page'] ?? '')?.[0] ?? ''
      }
      return false
    },
    comment: async (ref, message, mark) => {
      const body = { body: ticketMarkdown(message, mark) }
      await ask({ method: 'POST', path: `${issues}/${ref}/notes`, body }, Ignored)
    },
    move: async (ref, to) => {
      if (to === 'begun') return ''
      await ask({ method: 'PUT', path: `${issues}/${ref}`, body: { state_event: 'close' } }, Ignored)
      return 'closed there'
    },
  }
}

/** A project that is named by its number has an address that only GitLab knows: it counts where it is on the same host. */
function urlOf({ at, gitlab }: TrackerOf<'gitlab'>, iid: number, said: string | undefined): string | null {
  if (!/^\d+$/.test(gitlab)) return `${at}/${gitlab}/-/issues/${iid}`
  if (said === undefined || said.length > 500 || !URL.canParse(said)) return null
  const url = new URL(said)
  return url.origin === new URL(at).origin && url.username === '' ? url.href : null
}

import { z } from 'zod'
import {
  type Answered,
  type Asked,
  type Contract,
  contractOf,
  type PracticeTicket,
  pageOf,
  practiceTicket,
} from './tracker-server.ts'

const Draft = z.strictObject({
  title: z.string().min(1).max(255),
  description: z.string().max(1_048_576),
  labels: z.string().regex(/^[^,]+(,[^,]+)*$/),
  due_date: z.iso.date().optional(),
})
const List = z.strictObject({
  scope: z.enum(['created_by_me', 'assigned_to_me', 'all']),
  search: z.string().min(1),
  in: z.enum(['title', 'description', 'title,description']),
  per_page: z.string(),
})

const one = /^\/api\/v4\/projects\/group%2Fsub%2Fmcp\/issues\/(\d+)$/
const notes = /^\/api\/v4\/projects\/group%2Fsub%2Fmcp\/issues\/(\d+)\/notes$/

/**
 * Issues and notes by GitLab's reference of its REST API v4: https://docs.gitlab.com/api/issues/ and /api/notes/. The token is "gitlab-token" for
 * "group/sub/mcp".
 */
export const gitlab: Contract = contractOf(
  ({ headers }) =>
    headers['private-token'] === 'gitlab-token' ? null : { status: 401, body: { message: '401 Unauthorized' } },
  [
    { method: 'GET', path: /^\/api\/v4\/projects\/group%2Fsub%2Fmcp\/issues$/, answer: listed },
    {
      method: 'POST',
      path: /^\/api\/v4\/projects\/group%2Fsub%2Fmcp\/issues$/,
      answer: ({ body, tickets }) => ({
        status: 201,
        body: shown(practiceTicket(tickets, Draft.parse(body), 'opened')),
      }),
    },
    {
      method: 'GET',
      path: one,
      answer: (asked) => withTicket(asked, (ticket) => ({ status: 200, body: shown(ticket) })),
    },
    { method: 'PUT', path: one, answer: (asked) => withTicket(asked, (ticket) => put(ticket, asked.body)) },
    { method: 'GET', path: notes, answer: (asked) => withTicket(asked, (ticket) => notesOf(ticket, asked.query)) },
    { method: 'POST', path: notes, answer: (asked) => withTicket(asked, (ticket) => noted(ticket, asked.body)) },
  ],
  { status: 404, body: { message: '404 Project Not Found' } },
)

function listed({ query, tickets }: Asked): Answered {
  const { search } = List.parse(Object.fromEntries(query))
  const found = tickets.filter(({ fields, deleted }) => !deleted && String(fields.description).includes(search))
  return { status: 200, body: pageOf(found, query).page.map(shown) }
}

function withTicket({ id, tickets }: Asked, answer: (ticket: PracticeTicket) => Answered): Answered {
  const ticket = tickets[Number(id) - 1]
  return ticket === undefined || ticket.deleted ? { status: 404, body: { message: '404 Not found' } } : answer(ticket)
}

function put(ticket: PracticeTicket, body: unknown): Answered {
  const { state_event } = z.strictObject({ state_event: z.enum(['close', 'reopen']) }).parse(body)
  ticket.status = state_event === 'close' ? 'closed' : 'opened'
  ticket.closedBy = 'upkeep-bot'
  return { status: 200, body: shown(ticket) }
}

function notesOf({ comments }: PracticeTicket, query: URLSearchParams): Answered {
  const all = comments.map((text, index) => ({ id: index, body: text, system: false }))
  const { page, next } = pageOf(all, query)
  return { status: 200, body: page, headers: { 'x-next-page': next === null ? '' : String(next) } }
}

function noted(ticket: PracticeTicket, body: unknown): Answered {
  ticket.comments.push(z.strictObject({ body: z.string().min(1) }).parse(body).body)
  return { status: 201, body: { id: ticket.comments.length, body: ticket.comments.at(-1) } }
}

function shown({ number, fields, status, closedBy, comments, createdAt }: PracticeTicket): object {
  return {
    ...{
      id: 1_000 + number,
      iid: number,
      project_id: 7,
      state: status,
      title: fields.title,
      description: fields.description,
    },
    ...{ created_at: createdAt, due_date: fields.due_date ?? null, user_notes_count: comments.length },
    closed_by: status === 'closed' && closedBy !== null ? { id: 1, username: closedBy, name: closedBy } : null,
    web_url: `https://elsewhere.example/phish`,
  }
}

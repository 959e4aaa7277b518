import { z } from 'zod'
import {
  type Answered,
  type Asked,
  type Contract,
  contractOf,
  OffContract,
  type PracticeTicket,
  pageOf,
  practiceTicket,
} from './tracker-server.ts'

const Draft = z.strictObject({
  title: z.string().min(1).max(256),
  body: z.string().max(65_536),
  labels: z.array(z.string().min(1).max(50)).optional(),
})
const Patch = z.strictObject({
  state: z.enum(['open', 'closed']),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).optional(),
})
const Comment = z.strictObject({ body: z.string().min(1).max(65_536) })
const List = z.strictObject({
  state: z.enum(['open', 'closed', 'all']),
  sort: z.enum(['created', 'updated', 'comments']),
  direction: z.enum(['asc', 'desc']),
  per_page: z.string(),
  page: z.string(),
})

const one = /^\/repos\/example\/mcp\/issues\/(\d+)$/
const notes = /^\/repos\/example\/mcp\/issues\/(\d+)\/comments$/

/**
 * Issues by GitHub's reference of its REST API, version 2022-11-28: https://docs.github.com/en/rest/issues/issues and /comments. The token is
 * "github-token" for "example/mcp".
 */
export const github: Contract = contractOf(
  ({ headers }) => {
    if (headers['user-agent'] === undefined) throw new OffContract('a user agent is asked for')
    if (headers.accept !== 'application/vnd.github+json') throw new OffContract(`accept ${headers.accept}`)
    if (headers['x-github-api-version'] !== '2022-11-28') throw new OffContract('the version is asked for')
    if (headers.authorization === 'Bearer github-token') return null
    return { status: 401, body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' } }
  },
  [
    { method: 'GET', path: /^\/repos\/example\/mcp\/issues$/, answer: listed },
    { method: 'POST', path: /^\/repos\/example\/mcp\/issues$/, answer: made },
    {
      method: 'GET',
      path: one,
      answer: (asked) => withTicket(asked, (ticket) => ({ status: 200, body: shown(ticket) })),
    },
    { method: 'PATCH', path: one, answer: (asked) => withTicket(asked, (ticket) => patched(ticket, asked.body)) },
    { method: 'GET', path: notes, answer: (asked) => withTicket(asked, (ticket) => commentsOf(ticket, asked.query)) },
    { method: 'POST', path: notes, answer: (asked) => withTicket(asked, (ticket) => commented(ticket, asked.body)) },
  ],
  { status: 404, body: { message: 'Not Found' } },
)

function listed({ query, tickets }: Asked): Answered {
  List.parse(Object.fromEntries(query))
  const there = [...tickets].reverse().filter(({ deleted }) => !deleted)
  return { status: 200, body: pageOf(there, query).page.map(shown) }
}

function made({ body, tickets }: Asked): Answered {
  const draft = Draft.safeParse(body)
  if (!draft.success) return { status: 422, body: { message: 'Validation Failed' } }
  return { status: 201, body: shown(practiceTicket(tickets, draft.data, 'open')) }
}

function withTicket({ id, tickets }: Asked, answer: (ticket: PracticeTicket) => Answered): Answered {
  const ticket = tickets[Number(id) - 1]
  if (ticket === undefined) return { status: 404, body: { message: 'Not Found' } }
  return ticket.deleted ? { status: 410, body: { message: 'This issue was deleted' } } : answer(ticket)
}

function patched(ticket: PracticeTicket, body: unknown): Answered {
  const { state, state_reason } = Patch.parse(body)
  ticket.status = state === 'closed' ? `closed ${state_reason}` : 'open'
  ticket.closedBy = 'upkeep-bot'
  return { status: 200, body: shown(ticket) }
}

function commentsOf({ comments }: PracticeTicket, query: URLSearchParams): Answered {
  const all = comments.map((text, index) => ({ id: index, body: text }))
  return { status: 200, body: pageOf(all, query).page }
}

function commented(ticket: PracticeTicket, body: unknown): Answered {
  ticket.comments.push(Comment.parse(body).body)
  return { status: 201, body: { id: ticket.comments.length, body: ticket.comments.at(-1) } }
}

function shown({ number, fields, status, closedBy, comments, createdAt }: PracticeTicket): object {
  const [state, reason = null] = status.split(' ')
  return {
    ...{
      id: 1_000 + number,
      node_id: 'x',
      number,
      state,
      state_reason: reason,
      title: fields.title,
      body: fields.body,
    },
    ...{ comments: comments.length, created_at: createdAt, updated_at: createdAt, user: { login: 'upkeep-bot' } },
    closed_by: state === 'closed' && closedBy !== null ? { login: closedBy } : null,
    html_url: 'https://elsewhere.example/phish',
  }
}

import { z } from 'zod'
import {
  type Answered,
  type Asked,
  type Contract,
  contractOf,
  OffContract,
  type PracticeTicket,
  practiceTicket,
} from './tracker-server.ts'

const Text = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  marks: z.array(z.strictObject({ type: z.literal('code') })).optional(),
})
/** Atlassian Document Format, version 1, as far as it is used: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
const Document = z.strictObject({
  type: z.literal('doc'),
  version: z.literal(1),
  content: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('heading'),
        attrs: z.strictObject({ level: z.int().min(1).max(6) }),
        content: z.array(Text),
      }),
      z.strictObject({
        type: z.literal('codeBlock'),
        attrs: z.strictObject({ language: z.string() }).optional(),
        content: z.array(Text.omit({ marks: true })),
      }),
      z.strictObject({ type: z.literal('paragraph'), content: z.array(Text) }),
    ]),
  ),
})
const Wiki = z.string().min(1).max(32_767)

const states = {
  'To Do': { name: 'To Do', statusCategory: { id: 2, key: 'new' } },
  'In Progress': { name: 'In Progress', statusCategory: { id: 4, key: 'indeterminate' } },
  Done: { name: 'Done', statusCategory: { id: 3, key: 'done' } },
}
const State = z.enum(['To Do', 'In Progress', 'Done'])
const ways = { '11': 'To Do', '21': 'In Progress', '31': 'Done' } as const

const draft = {
  project: z.strictObject({ key: z.literal('OPS') }),
  issuetype: z.strictObject({ name: z.literal('Task') }),
  summary: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\r\n]+$/),
  labels: z.array(z.string().regex(/^\S{1,255}$/)),
  duedate: z.iso.date().optional(),
}
const Search = z.strictObject({ jql: z.string(), maxResults: z.int(), fields: z.array(z.string()).min(1) })

/** What differs between the two, and what a project may lack. */
interface Site {
  readonly cloud: boolean
  /** Whether its screen shows the day by which things are due. */
  readonly duedate?: boolean
}

/**
 * Issues of Jira by its references: Cloud REST v3 (https://developer.atlassian.com/cloud/jira/platform/rest/v3/) and Data Center REST v2
 * (https://developer.atlassian.com/server/jira/platform/rest/). The token is "jira-token", of ops@example.org on Cloud; the project is OPS.
 */
export function jira({ cloud, duedate = true }: Site): Contract {
  const api = `^/rest/api/${cloud ? '3' : '2'}`
  const Body = cloud ? Document : Wiki
  const signedIn = cloud ? `Basic ${Buffer.from('ops@example.org:jira-token').toString('base64')}` : 'Bearer jira-token'
  const of = (path: string) => new RegExp(`${api}/${path}$`)
  return contractOf(
    ({ headers }) =>
      headers.authorization === signedIn
        ? null
        : { status: 401, body: { errorMessages: ['Client must be authenticated'] } },
    [
      { method: 'POST', path: of(cloud ? 'search/jql' : 'search'), answer: (asked) => searched(asked, cloud) },
      { method: 'POST', path: of('issue'), answer: (asked) => made(asked, Body, duedate) },
      {
        method: 'GET',
        path: of('issue/(\\d+)'),
        answer: (asked) => withTicket(asked, (ticket) => ({ status: 200, body: shown(ticket, asked.query) })),
      },
      {
        method: 'POST',
        path: of('issue/(\\d+)/comment'),
        answer: (asked) =>
          withTicket(asked, (ticket) => {
            ticket.comments.push(z.strictObject({ body: Body }).parse(asked.body).body)
            return { status: 201, body: { id: '1' } }
          }),
      },
      {
        method: 'GET',
        path: of('issue/(\\d+)/comment'),
        answer: (asked) => withTicket(asked, (ticket) => commentsOf(ticket, asked.query)),
      },
      ...['GET', 'POST'].map((method) => ({
        method,
        path: of('issue/(\\d+)/transitions'),
        answer: (asked: Asked) => withTicket(asked, (ticket) => moved(ticket, method, asked.body)),
      })),
    ],
    { status: 404, body: { errorMessages: ['There is no such resource.'] } },
  )
}

function searched({ body, tickets }: Asked, cloud: boolean): Answered {
  const [, project, label = ''] = /^project = "([A-Z]+)" AND labels = "([^"]+)"$/.exec(Search.parse(body).jql) ?? []
  if (project !== 'OPS') throw new OffContract('jql')
  const bears = ({ fields }: PracticeTicket) => z.array(z.string()).parse(fields.labels).includes(label)
  const issues = tickets
    .filter((one) => !one.deleted && bears(one))
    .map((one) => ({ ...named(one), fields: { labels: one.fields.labels } }))
  const paging = cloud ? { isLast: true } : { startAt: 0, maxResults: 10, total: issues.length }
  return { status: 200, body: { issues, ...paging } }
}

function made({ body, tickets }: Asked, Body: z.ZodType, duedate: boolean): Answered {
  const { fields } = z.strictObject({ fields: z.strictObject({ ...draft, description: Body }) }).parse(body)
  if (!duedate && fields.duedate !== undefined) {
    const errors = { duedate: "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown." }
    return { status: 400, body: { errorMessages: [], errors } }
  }
  return { status: 201, body: named(practiceTicket(tickets, fields, 'To Do')) }
}

function withTicket({ id, tickets }: Asked, answer: (ticket: PracticeTicket) => Answered): Answered {
  const ticket = tickets[Number(id) - 10_001]
  const nothing = 'Issue does not exist or you do not have permission to see it.'
  return ticket === undefined || ticket.deleted ? { status: 404, body: { errorMessages: [nothing] } } : answer(ticket)
}

function commentsOf({ comments }: PracticeTicket, query: URLSearchParams): Answered {
  const [startAt, maxResults] = [Number(query.get('startAt')), Number(query.get('maxResults'))]
  const page = comments.slice(startAt, startAt + maxResults).map((body) => ({ id: '1', body }))
  return { status: 200, body: { startAt, maxResults, total: comments.length, comments: page } }
}

function moved(ticket: PracticeTicket, method: string, body: unknown): Answered {
  const open = Object.entries(ways).filter(([, name]) => name !== ticket.status)
  if (method === 'GET') {
    const transitions = open.map(([id, name]) => ({ id, name: `To ${name}`, to: states[name] }))
    return { status: 200, body: { expand: 'transitions', transitions } }
  }
  const { transition } = z.strictObject({ transition: z.strictObject({ id: z.string() }) }).parse(body)
  const [, name] = open.find(([id]) => id === transition.id) ?? []
  if (name === undefined) return { status: 400, body: { errorMessages: ['It is not valid for the issue'] } }
  ticket.status = name
  ticket.closedBy = 'upkeep bot'
  return { status: 204 }
}

function named({ number }: PracticeTicket): { id: string; key: string; self: string } {
  return { id: String(10_000 + number), key: `OPS-${number}`, self: 'https://elsewhere.example/phish' }
}

function shown(ticket: PracticeTicket, query: URLSearchParams): object {
  if (query.get('fields') !== 'status' || query.get('expand') !== 'changelog') throw new OffContract(String(query))
  const author = { displayName: ticket.closedBy ?? '' }
  const histories =
    ticket.closedBy === null
      ? []
      : [
          {
            id: '1',
            author: { displayName: 'somebody before' },
            created: '2026-11-22T09:30:00.000+0000',
            items: [{ field: 'status' }],
          },
          { id: '2', author, created: '2026-11-22T10:30:00.000+0000', items: [{ field: 'status' }] },
          {
            id: '3',
            author: { displayName: 'a labeller' },
            created: '2026-11-22T11:30:00.000+0000',
            items: [{ field: 'labels' }],
          },
        ]
  const status = states[State.parse(ticket.status)]
  return { ...named(ticket), fields: { status }, changelog: { startAt: 0, maxResults: 100, total: 3, histories } }
}

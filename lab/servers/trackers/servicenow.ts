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

const Draft = z.strictObject({
  short_description: z.string().min(1).max(160),
  description: z.string().max(4_000),
  correlation_id: z.string().max(100),
  correlation_display: z.string().max(100),
  due_date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
    .optional(),
})
const Patch = z.strictObject({
  work_notes: z.string().min(1).optional(),
  state: z.string().optional(),
  close_code: z.string().optional(),
  close_notes: z.string().optional(),
})

/** The states of each table as they are delivered. A resolved incident is active until it is closed. */
const tables = {
  change_request: {
    first: '-5',
    labels: { '-5': 'New', '-1': 'Implement', '3': 'Closed', '4': 'Canceled' },
    number: 'CHG00',
    inactive: ['3', '4'],
    resolved: [],
    needsClosing: ['3'],
  },
  incident: {
    first: '1',
    labels: { '1': 'New', '2': 'In Progress', '3': 'On Hold', '6': 'Resolved', '7': 'Closed', '8': 'Canceled' },
    number: 'INC00',
    inactive: ['7', '8'],
    resolved: ['6'],
    needsClosing: ['6', '7'],
  },
} as const satisfies Record<string, Table>

interface Table {
  readonly first: string
  readonly labels: Readonly<Record<string, string>>
  readonly number: string
  readonly inactive: readonly string[]
  readonly resolved: readonly string[]
  readonly needsClosing: readonly string[]
}

/** Which table its records are in, and whether an instance lets one read its journal. */
interface Instance {
  readonly table?: keyof typeof tables
  readonly journal?: boolean
}

/**
 * Change requests or incidents by ServiceNow's reference of its Table API: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html. The
 * password of "upkeep" is "servicenow-token". Another table than the one asked for is not there.
 */
export function serviceNow({ table: name = 'change_request', journal = true }: Instance = {}): Contract {
  const table: Table = tables[name]
  const all = new RegExp(`^/api/now/table/${name}$`)
  const one = new RegExp(`^/api/now/table/${name}/([0-9a-f]{32})$`)
  return contractOf(
    ({ headers }) => {
      if (headers.accept !== 'application/json') throw new OffContract(`accept ${headers.accept}`)
      if (headers.authorization === `Basic ${Buffer.from('upkeep:servicenow-token').toString('base64')}`) return null
      return { status: 401, body: failure('User Not Authenticated') }
    },
    [
      {
        method: 'GET',
        path: /^\/api\/now\/table\/sys_journal_field$/,
        answer: (asked) => (journal ? journalOf(asked) : { status: 403, body: failure('Operation Failed') }),
      },
      { method: 'GET', path: all, answer: (asked) => found(table, asked) },
      {
        method: 'POST',
        path: all,
        answer: ({ body, tickets }) => ({
          status: 201,
          body: { result: named(table, practiceTicket(tickets, Draft.parse(body), table.first)) },
        }),
      },
      {
        method: 'GET',
        path: one,
        answer: (asked) => withTicket(asked, (ticket) => ({ status: 200, body: { result: shown(table, ticket) } })),
      },
      {
        method: 'PATCH',
        path: one,
        answer: (asked) => withTicket(asked, (ticket) => patched(table, ticket, asked.body)),
      },
    ],
    { status: 400, body: failure('Invalid table') },
  )
}

function journalOf({ query, tickets }: Asked): Answered {
  const asked = query.get('sysparm_query') ?? ''
  const id = /^element_id=([0-9a-f]{32})\^elementINwork_notes,comments$/.exec(asked)?.[1]
  const comments = tickets.find((ticket) => sysId(ticket) === id)?.comments ?? []
  return { status: 200, body: { result: comments.map((value) => ({ value })) } }
}

function found(table: Table, { query, tickets }: Asked): Answered {
  const wanted = /^correlation_id=(\S+)$/.exec(query.get('sysparm_query') ?? '')?.[1]
  const result = tickets
    .filter(({ deleted, fields }) => !deleted && fields.correlation_id === wanted)
    .map((ticket) => ({ ...named(table, ticket), correlation_id: ticket.fields.correlation_id }))
  return { status: 200, body: { result } }
}

function withTicket({ id, tickets }: Asked, answer: (ticket: PracticeTicket) => Answered): Answered {
  const ticket = tickets.find((candidate) => sysId(candidate) === id)
  return ticket === undefined || ticket.deleted ? { status: 404, body: failure('No Record found') } : answer(ticket)
}

function patched(table: Table, ticket: PracticeTicket, body: unknown): Answered {
  const { work_notes, state, close_code, close_notes } = Patch.parse(body)
  const isEnding = state !== undefined && table.needsClosing.includes(state)
  if (isEnding && (close_code === undefined || close_notes === undefined))
    return { status: 403, body: failure('Data Policy Exception') }
  if (work_notes !== undefined) ticket.comments.push(work_notes)
  if (state !== undefined) Object.assign(ticket, { status: state, closedBy: 'Upkeep Bot' })
  return { status: 200, body: { result: named(table, ticket) } }
}

function failure(message: string): object {
  return { error: { message, detail: 'as the instance has it' }, status: 'failure' }
}

function sysId({ number }: PracticeTicket): string {
  return String(number).padStart(32, 'a')
}

function named({ number }: Table, ticket: PracticeTicket): { sys_id: string; number: string } {
  return { sys_id: sysId(ticket), number: `${number}${30_000 + ticket.number}` }
}

function shown({ labels, inactive, resolved }: Table, { status, closedBy }: PracticeTicket): object {
  const isOver = inactive.includes(status)
  const by = (is: boolean) => {
    const name = is ? (closedBy ?? '') : ''
    return { value: name === '' ? '' : 'c'.repeat(32), display_value: name, link: 'https://elsewhere.example/phish' }
  }
  return {
    state: { value: status, display_value: labels[status] ?? status },
    active: { value: String(!isOver), display_value: String(!isOver) },
    closed_by: by(isOver),
    resolved_by: by(resolved.includes(status)),
  }
}

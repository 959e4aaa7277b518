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
const labels: Record<string, string> = { '-5': 'New', '-1': 'Implement', '3': 'Closed', '4': 'Canceled' }

const one = /^\/api\/now\/table\/change_request\/([0-9a-f]{32})$/

/** Whether an instance lets one read its journal. */
interface Instance {
  readonly journal?: boolean
}

/**
 * Change requests by ServiceNow's reference of its Table API: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html. The password of
 * "upkeep" is "servicenow-token".
 */
export function serviceNow({ journal = true }: Instance = {}): Contract {
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
      { method: 'GET', path: /^\/api\/now\/table\/change_request$/, answer: found },
      {
        method: 'POST',
        path: /^\/api\/now\/table\/change_request$/,
        answer: ({ body, tickets }) => ({
          status: 201,
          body: { result: named(practiceTicket(tickets, Draft.parse(body), '-5')) },
        }),
      },
      {
        method: 'GET',
        path: one,
        answer: (asked) => withTicket(asked, (ticket) => ({ status: 200, body: { result: shown(ticket) } })),
      },
      { method: 'PATCH', path: one, answer: (asked) => withTicket(asked, (ticket) => patched(ticket, asked.body)) },
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

function found({ query, tickets }: Asked): Answered {
  const wanted = /^correlation_id=(\S+)$/.exec(query.get('sysparm_query') ?? '')?.[1]
  const result = tickets
    .filter(({ deleted, fields }) => !deleted && fields.correlation_id === wanted)
    .map((ticket) => ({ ...named(ticket), correlation_id: ticket.fields.correlation_id }))
  return { status: 200, body: { result } }
}

function withTicket({ id, tickets }: Asked, answer: (ticket: PracticeTicket) => Answered): Answered {
  const ticket = tickets.find((candidate) => sysId(candidate) === id)
  return ticket === undefined || ticket.deleted ? { status: 404, body: failure('No Record found') } : answer(ticket)
}

function patched(ticket: PracticeTicket, body: unknown): Answered {
  const { work_notes, state, close_code, close_notes } = Patch.parse(body)
  if (state === '3' && (close_code === undefined || close_notes === undefined))
    return { status: 403, body: failure('Data Policy Exception') }
  if (work_notes !== undefined) ticket.comments.push(work_notes)
  if (state !== undefined) Object.assign(ticket, { status: state, closedBy: 'Upkeep Bot' })
  return { status: 200, body: { result: named(ticket) } }
}

function failure(message: string): object {
  return { error: { message, detail: 'as the instance has it' }, status: 'failure' }
}

function sysId({ number }: PracticeTicket): string {
  return String(number).padStart(32, 'a')
}

function named(ticket: PracticeTicket): { sys_id: string; number: string } {
  return { sys_id: sysId(ticket), number: `CHG00${30_000 + ticket.number}` }
}

function shown({ status, closedBy }: PracticeTicket): object {
  const isOver = status === '3' || status === '4'
  const by = isOver ? (closedBy ?? '') : ''
  return {
    state: { value: status, display_value: labels[status] ?? status },
    active: { value: String(!isOver), display_value: String(!isOver) },
    closed_by: { value: by === '' ? '' : 'c'.repeat(32), display_value: by, link: 'https://elsewhere.example/phish' },
    resolved_by: { value: '', display_value: '' },
  }
}

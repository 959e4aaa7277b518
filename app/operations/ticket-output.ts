import type { TicketTracker } from '@upkeep/contract/ticket'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { ago } from '@upkeep/domain/distance'
import { trackerKind, trackerPlace } from '@upkeep/domain/tickets/covered-by'
import { storedChange } from '@upkeep/engine/change/record-step'
import { counted, plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import type { Store } from '@upkeep/engine/store/store'
import type { Ticket } from '@upkeep/engine/store/tickets'
import { z } from 'zod'
import type { Context } from './context.ts'

/** The ticket of a change as programs read it. Words of the tracker are as they were found there. */
export const ListedTicket = z.strictObject({
  change: z.string(),
  title: z.string(),
  tracker: z.string().describe('By its name in upkeep.yaml'),
  kind: z.string(),
  place: z.string().describe('Host and project'),
  key: z.string().nullable().describe('What people call it; null until it is known to be there'),
  url: z.string().nullable().describe('Always on the host that upkeep.yaml names'),
  state: z.enum(['open', 'closed', 'gone', 'not-opened', 'not-seen']),
  status: z.string().nullable().describe('Its state in the words of the tracker'),
  closedBy: z.string().nullable(),
  comments: z.int().nullable().describe('Null where they could not be counted'),
  seenAt: z.string().nullable().describe('When it was last read there'),
  why: z.string().describe('Why it could not be opened or read; empty where it could'),
  differs: z.array(z.string()).describe('How change and ticket differ, in words'),
})
export type ListedTicket = z.infer<typeof ListedTicket>

/** Tickets with how they differ from their changes; of these changes only, where some are named. */
export async function listedTickets(
  { upkeepFile }: Pick<Context, 'upkeepFile'>,
  store: Store,
  changes?: readonly string[],
): Promise<ListedTicket[]> {
  const all = (await store.tickets.list()).filter(({ change }) => changes === undefined || changes.includes(change))
  const waiting = all.some(({ ref }) => ref === null) ? await store.deliveries.list() : []
  return Promise.all(
    all.map(async (ticket) => {
      const state = await storedChange(store, ticket.change)
      const opening = waiting.find(({ id }) => id === ticket.opening)
      return listed(ticket, {
        state,
        tracker: upkeepFile.tickets.find((one) => one.name === ticket.tracker && trackerKind(one) === ticket.via),
        why: ticket.ref === null ? (opening?.why ?? '') : ticket.why,
      })
    }),
  )
}

function listed(
  ticket: Ticket,
  { state, tracker, why }: { state: ChangeState | null; tracker: TicketTracker | undefined; why: string },
): ListedTicket {
  const { change, via, key, url, status, closedBy, comments, seenAt } = ticket
  return {
    ...{ change, title: state?.plan.title ?? '', tracker: ticket.tracker, kind: via, key, status, closedBy, comments },
    place: tracker === undefined ? '' : trackerPlace(tracker),
    url: tracker === undefined ? null : url,
    state: standing(ticket),
    ...{ seenAt, why, differs: state === null ? [] : differences(ticket, state) },
  }
}

function standing({ ref, seenAt, state }: Ticket): ListedTicket['state'] {
  if (ref === null) return 'not-opened'
  return seenAt === null || state === null ? 'not-seen' : state
}

/** How a ticket differs from its change. Neither decides about the other. */
export function differences(
  ticket: Pick<Ticket, 'ref' | 'state' | 'closedBy'>,
  { phase }: Pick<ChangeState, 'phase'>,
): string[] {
  const isOver = phase === 'closed'
  if (ticket.ref === null) return isOver ? [] : ['the change has no ticket yet']
  if (ticket.state === 'gone')
    return isOver ? [] : ['the ticket is not there any more, or not shown to us; the change is open']
  if (ticket.state === 'closed' && !isOver) {
    const by = ticket.closedBy === null ? '' : ` by ${ticket.closedBy}`
    return [`the ticket was closed${by}; the change is open, and nothing was approved by that`]
  }
  return ticket.state === 'open' && isOver ? ['the change is over; the ticket is open'] : []
}

/** The ticket of a change, beside what else is said of it. */
export function ticketText(ticket: ListedTicket, style: TerminalStyle, now: string): string {
  return `${ticketLines(ticket, style, now)
    .map((line, index) => `${(index === 0 ? 'ticket' : '').padEnd(18)}${line}`)
    .join('\n')}\n`
}

/** One ticket in a few lines. */
export function ticketLines(ticket: ListedTicket, style: TerminalStyle, now: string): string[] {
  const { key, url, status, closedBy, comments, seenAt, why, differs, kind, place } = ticket
  const seen = [
    ...(status === null ? [] : [`"${plain(style, status)}"`]),
    ...(closedBy === null ? [] : [`closed by ${plain(style, closedBy)}`]),
    ...(comments === null ? [] : [counted(comments, 'comment')]),
  ]
  return [
    `${key === null ? 'no ticket yet' : plain(style, key)} in ${kind} (${plain(style, place)})`,
    ...(url === null ? [] : [url]),
    ...(seenAt === null ? [] : [`seen ${ago(seenAt, now)}${seen.length === 0 ? '' : `: ${seen.join(', ')}`}`]),
    ...(why === '' ? [] : [`could not be ${key === null ? 'opened' : 'read'}: ${plain(style, why)}`]),
    ...differs.map((line) => plain(style, line)),
  ]
}

import type { TerminalStyle, Tone } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import type { Context } from './context.ts'
import { type Answer, defineOperation } from './operation.ts'
import { ListedTicket, listedTickets, ticketLines } from './ticket-output.ts'

const Output = z.strictObject({ tickets: z.array(ListedTicket) })

/** The tickets of changes, as they were last seen. Asks no tracker. */
export const tickets = defineOperation({
  id: 'tickets',
  summary: 'the ticket of each change: where it is, how it was last seen there, what differs',
  effect: 'read',
  role: 'viewer',
  pages: 'tickets',
  input: z.strictObject({}),
  output: Output,
  cli: {
    verb: 'tickets',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep tickets', says: 'every ticket, with what differs from its change' },
      { command: 'upkeep tickets --json', says: 'the same for programs' },
    ],
  },
  run: (context) => ticketsAnswer(context),
})

/** What is known of the tickets, for reading. */
export async function ticketsAnswer(context: Context): Promise<Answer<z.infer<typeof Output>>> {
  const store = await context.existingStore()
  const all = store === null ? [] : await listedTickets(context, store)
  const now = context.clock.now()
  return {
    output: { tickets: all },
    text: (style) => textOf(all, context.upkeepFile.tickets.length > 0, style, now),
    table: {
      columns: [
        'change',
        'title',
        'tracker',
        'key',
        'url',
        'state',
        'status',
        'closed by',
        'comments',
        'seen',
        'why',
        'differs',
      ],
      rows: all.map((one) => [
        ...[one.change, one.title, one.tracker, one.key, one.url, one.state, one.status, one.closedBy, one.comments],
        ...[one.seenAt, one.why, one.differs.join('; ')],
      ]),
    },
  }
}

const words: Record<ListedTicket['state'], string> = {
  open: 'open',
  closed: 'closed',
  gone: 'gone',
  'not-opened': 'not opened',
  'not-seen': 'not looked',
}

function textOf(all: readonly ListedTicket[], isSetUp: boolean, style: TerminalStyle, now: string): string {
  if (all.length === 0 && !isSetUp) return 'No tracker is set up: name one under "tickets" in upkeep.yaml.\n'
  if (all.length === 0) return 'No change has a ticket.\n'
  const rows = all.map((one) => ({
    label: words[one.state],
    tone: toneOf(one),
    name: one.change.slice(0, 13),
    lines: [one.title, ...ticketLines(one, style, now)],
    command: `upkeep changes ${one.change.slice(0, 13)}`,
  }))
  return `${layRows(rows, style).join('\n')}\n`
}

function toneOf({ differs, state }: ListedTicket): Tone {
  if (differs.length > 0 || state === 'not-opened') return 'yellow'
  return state === 'open' ? 'cyan' : 'dim'
}

import type { Ticket } from '../store/tickets.ts'
import { type TicketWorld, trackerNamed } from './send-ticket.ts'
import { TrackerRefused } from './trackers/ask.ts'

/** How many of one tracker are read at once in a round. */
const mostRead = 200

/**
 * Reads how tickets stand where they are, those first that were not read for longest, and writes it down. A tracker that does not answer, or asks to wait, is
 * asked for no other. What is read decides nothing.
 */
export async function readTickets(world: TicketWorld, tickets: readonly Ticket[]): Promise<void> {
  const known = tickets.filter(({ ref }) => ref !== null)
  const oldestFirst = known.toSorted((one, other) => ((one.seenAt ?? '') < (other.seenAt ?? '') ? -1 : 1))
  const each = Map.groupBy(oldestFirst, ({ tracker, via }) => `${via} ${tracker}`)
  await Promise.all([...each.values()].map((group) => readGroup(world, group.slice(0, mostRead))))
}

async function readGroup(world: TicketWorld, group: readonly Ticket[]): Promise<void> {
  const { store, hands } = world
  for (const { change, tracker, via, ref } of group) {
    const there = trackerNamed(world, tracker, via)
    if (there === null || ref === null) {
      await store.tickets.update(change, { why: 'the tracker is not in upkeep.yaml any more' })
      continue
    }
    try {
      const seen = await there.read(ref)
      const facts = seen.is === 'gone' ? { status: null, closedBy: null, comments: null } : seen
      const { status, closedBy, comments } = facts
      await store.tickets.update(change, { state: seen.is, status, closedBy, comments, seenAt: hands.now(), why: '' })
    } catch (error) {
      if (!(error instanceof TrackerRefused)) throw error
      await store.tickets.update(change, { why: error.sent.says })
      if (error.sent.again) return
    }
  }
}

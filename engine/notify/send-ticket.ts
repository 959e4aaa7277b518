import { TicketMessage, type TicketTracker } from '@upkeep/contract/ticket'
import { trackerKind } from '@upkeep/domain/tickets/covered-by'
import { noteMark } from '@upkeep/domain/tickets/ticket-text'
import type { Delivery } from '../store/deliveries.ts'
import type { Store } from '../store/store.ts'
import type { SendingHands, Sent } from './send-notice.ts'
import { TrackerRefused } from './trackers/ask.ts'
import { openTracker } from './trackers/open-tracker.ts'
import type { Tracker } from './trackers/tracker.ts'

/** What it takes to reach tickets. */
export interface TicketWorld {
  readonly store: Store
  readonly trackers: readonly TicketTracker[]
  readonly hands: SendingHands
}

/**
 * Opens the ticket of a change, or tells it something. Whether it is there already is asked first: a process may have died after the tracker had made it
 * and before that was written down. Never throws for what a tracker does.
 */
export async function sendTicket(world: TicketWorld, delivery: Delivery): Promise<Sent> {
  const tracker = trackerNamed(world, delivery.channel, delivery.via)
  if (tracker === null) return final('the tracker is not in upkeep.yaml any more')
  const message = TicketMessage.parse(JSON.parse(delivery.body))
  try {
    const says = await (message.is === 'opened' ? opened : noted)(world, tracker, { delivery, message })
    return { delivered: true, says, again: false, retryAfter: null }
  } catch (error) {
    if (error instanceof TrackerRefused) return error.sent
    if (error instanceof NoTicket) return final(error.message)
    throw error
  }
}

/** The tracker of that name and kind, opened; null where `upkeep.yaml` has none. */
export function trackerNamed({ trackers, hands }: TicketWorld, name: string, via: string): Tracker | null {
  const settings = trackers.find((one) => one.name === name && trackerKind(one) === via)
  return settings === undefined ? null : openTracker(settings, hands)
}

interface Telling {
  readonly delivery: Delivery
  readonly message: TicketMessage
}

/** That there is no ticket to tell. */
class NoTicket extends Error {}

async function opened({ store }: TicketWorld, tracker: Tracker, { message }: Telling): Promise<string> {
  const known = await store.tickets.get(message.change)
  if (known === null) throw new NoTicket('nothing is known of a ticket of this change')
  const before = known.ref === null ? await tracker.find(message.change, message.since) : null
  const found = known.ref ?? before?.ref ?? null
  if (found !== null && before === null) return moved(tracker, found, message, 'it was opened before')
  const ticket = before ?? (await tracker.open(message))
  await store.tickets.update(message.change, { ...ticket, state: 'open' })
  return moved(tracker, ticket.ref, message, `${before === null ? 'opened as' : 'it was there already:'} ${ticket.key}`)
}

async function noted({ store }: TicketWorld, tracker: Tracker, { delivery, message }: Telling): Promise<string> {
  const known = await store.tickets.get(message.change)
  if (known === null || known.ref === null) throw new NoTicket('its ticket could not be opened')
  if (known.state === 'gone') throw new NoTicket('the ticket is not there any more')
  const mark = noteMark(delivery.id)
  // Only what was begun before can be there already.
  const isThere = delivery.attempts > 1 && (await tracker.holds(known.ref, mark))
  if (!isThere) await tracker.comment(known.ref, message, mark)
  return moved(tracker, known.ref, message, isThere ? 'it was commented before' : 'commented')
}

/** A ticket that cannot be moved on is told all the same: who works there moves it as their workflow has it. */
async function moved(tracker: Tracker, ref: string, { move }: TicketMessage, done: string): Promise<string> {
  if (move === 'stay') return done
  try {
    const says = await tracker.move(ref, move)
    return says === '' ? done : `${done}; ${says}`
  } catch (error) {
    if (!(error instanceof TrackerRefused) || error.sent.again) throw error
    return `${done}; its state could not be changed: ${error.sent.says}`
  }
}

function final(says: string): Sent {
  return { delivered: false, says, again: false, retryAfter: null }
}

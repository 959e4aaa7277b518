import type { TicketTracker } from '@upkeep/contract/ticket'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { plainText } from '@upkeep/domain/notices/notice-text'
import { coveredBy, trackerKind, trackerPlace } from '@upkeep/domain/tickets/covered-by'
import { recordStep, storedChange } from '@upkeep/engine/change/record-step'
import { newId } from '@upkeep/engine/kernel/ids'
import { deliverNow } from '@upkeep/engine/notify/deliver'
import { readTickets } from '@upkeep/engine/notify/read-tickets'
import type { Delivery } from '@upkeep/engine/store/deliveries'
import type { Store } from '@upkeep/engine/store/store'
import { type Ticket, unopened } from '@upkeep/engine/store/tickets'
import { sheetOf } from './operations/change-flow.ts'
import type { Context } from './operations/context.ts'
import { ownersOfChange } from './operations/tell-of-change.ts'
import { deliverWaiting, deliveryWorld } from './tell-people.ts'
import { noteMessage, openingMessage, stepsToTell } from './ticket-messages.ts'

/** A change that was proposed and closed at once gets its ticket all the same, for this long. */
const recentMs = 86_400_000
/** A ticket whose change is over is looked at for so long, until it is seen to be closed. */
const afterMs = 30 * 86_400_000
const mostRecent = 50

/**
 * Opens tickets for the changes that are to have one, and tells those that there are what became of their changes since: written down first, then sent. A
 * tracker that did not take the last of it is not waited for: what it is to be told is tried again by `deliverWaiting`.
 */
export async function tellTickets(context: Context): Promise<void> {
  const store = await context.existingStore()
  if (store === null || context.upkeepFile.tickets.length === 0 || context.signal.aborted) return
  const queued = await queueTickets(context, store)
  if (queued.length === 0) return
  const down = await failing(store)
  const world = deliveryWorld(context, store)
  await deliverNow(
    world,
    queued.filter(({ channel, via }) => !down.has(`${via} ${channel}`)),
  )
  await sealTickets(context, store)
}

/** As `tellTickets`, and reads how the tickets stand there. */
export async function syncTickets(context: Context): Promise<void> {
  const store = await context.existingStore()
  if (store === null || context.upkeepFile.tickets.length === 0) return
  await deliverWaiting(context)
  await tellTickets(context)
  await openAgain(context, store)
  const world = deliveryWorld(context, store)
  await readTickets(world, await watched(context, store))
  await sealTickets(context, store)
}

/** Trackers that did not take what they were told last. */
async function failing(store: Store): Promise<Set<string>> {
  const last = await store.deliveries.latest()
  return new Set(last.filter(({ state }) => state === 'due').map(({ channel, via }) => `${via} ${channel}`))
}

async function queueTickets(context: Context, store: Store): Promise<Delivery[]> {
  const known = new Set((await store.tickets.list()).map(({ change }) => change))
  const behind = await store.tickets.behind()
  const queued: Delivery[] = []
  for (const id of [...(await withoutTicket(context, store, known)), ...behind]) {
    const state = await storedChange(store, id)
    if (state === null) continue
    const one = known.has(id) ? await queueNote(context, store, state) : await queueOpening(context, store, state)
    if (one !== null) queued.push(one)
  }
  return queued
}

/** Changes that are open or were proposed lately, and have no ticket. */
async function withoutTicket({ clock }: Context, store: Store, known: ReadonlySet<string>): Promise<string[]> {
  const open = await store.changes.open()
  const recent: string[] = []
  for (const id of await store.changes.list({ limit: mostRecent })) {
    if (known.has(id) || open.includes(id)) continue
    const state = await storedChange(store, id)
    if (state !== null && Date.parse(clock.now()) - Date.parse(state.proposedAt) < recentMs) recent.push(id)
  }
  return [...open.filter((id) => !known.has(id)), ...recent]
}

async function queueOpening(context: Context, store: Store, state: ChangeState): Promise<Delivery | null> {
  // What it means is in the ticket: it waits until that is known, unless the change goes on before.
  if (state.assessment === null && state.phase === 'proposed') return null
  const owners = ownersOfChange(context, state)
  const tracker = coveredBy(context.upkeepFile.tickets, state, owners)
  if (tracker === null) return null
  const delivery = await openingOf(context, store, state, tracker)
  const [change, told] = [state.id, stepsToTell(state).length]
  const ticket: Ticket = {
    change,
    told,
    opening: delivery.id,
    tracker: tracker.name,
    via: trackerKind(tracker),
    ...unopened,
  }
  return store.transaction(async (tx) => {
    if ((await tx.tickets.get(state.id)) !== null) return null
    await tx.tickets.put(ticket)
    return tx.deliveries.add(delivery)
  })
}

async function queueNote(context: Context, store: Store, state: ChangeState): Promise<Delivery | null> {
  return store.transaction(async (tx) => {
    const ticket = await tx.tickets.get(state.id)
    const steps = stepsToTell(state)
    const tracker = context.upkeepFile.tickets.find(({ name }) => name === ticket?.tracker)
    if (ticket === null || ticket.told >= steps.length) return null
    await tx.tickets.update(state.id, { told: steps.length })
    const message = noteMessage(state, steps.slice(ticket.told))
    if (message === null || tracker === undefined || ticket.state === 'gone') return null
    return tx.deliveries.add(
      deliveryOf(context, tracker, state, { event: 'ticket-note', body: JSON.stringify(message) }),
    )
  })
}

/** A ticket that could not be opened for good, such as for a wrong token, is tried anew with all that happened since. */
async function openAgain(context: Context, store: Store): Promise<void> {
  const open = new Set(await store.changes.open())
  const failed = new Set((await store.deliveries.list()).filter(({ state }) => state === 'failed').map(({ id }) => id))
  for (const { change, opening, tracker: name } of (await store.tickets.list()).filter(({ ref }) => ref === null)) {
    const state = open.has(change) && failed.has(opening) ? await storedChange(store, change) : null
    const tracker = context.upkeepFile.tickets.find((one) => one.name === name)
    if (state === null || tracker === undefined) continue
    const delivery = await openingOf(context, store, state, tracker)
    await store.transaction(async (tx) => {
      await tx.tickets.update(change, {
        opening: delivery.id,
        told: stepsToTell(state).length,
        via: trackerKind(tracker),
      })
      await tx.deliveries.add(delivery)
    })
    await deliverNow(deliveryWorld(context, store), [delivery])
  }
}

async function openingOf(
  context: Context,
  store: Store,
  state: ChangeState,
  tracker: TicketTracker,
): Promise<Delivery> {
  const [sheet, due] = [await sheetOf({ store }, state), await dueOf(store, state)]
  const message = openingMessage(state, { sheet, due, owners: ownersOfChange(context, state) })
  return deliveryOf(context, tracker, state, { event: 'ticket-opened', body: JSON.stringify(message) })
}

/** The first day by which one of the findings is due that the change closes. */
async function dueOf(store: Store, { plan }: ChangeState): Promise<string | null> {
  if (plan.closes.length === 0) return null
  const closes = new Set(plan.closes)
  const due = (await store.findings.current()).flatMap(({ state, statement }) =>
    state !== 'resolved' && closes.has(statement.fingerprint) && statement.due?.at
      ? [statement.due.at.slice(0, 10)]
      : [],
  )
  return due.sort()[0] ?? null
}

function deliveryOf(
  { clock }: Context,
  tracker: TicketTracker,
  state: ChangeState,
  what: Pick<Delivery, 'event' | 'body'>,
): Delivery {
  const at = clock.now()
  return {
    id: newId(at),
    at,
    channel: tracker.name,
    via: trackerKind(tracker),
    recipient: trackerPlace(tracker),
    thread: `ticket ${state.id}`,
    opens: false,
    title: plainText(state.plan.title),
    state: 'due',
    why: '',
    attempts: 0,
    nextAt: at,
    endedAt: null,
    digest: null,
    ...what,
  }
}

/** Tickets whose changes are open, and for a while those of closed ones that are not closed there. */
async function watched({ clock }: Context, store: Store): Promise<Ticket[]> {
  const open = new Set(await store.changes.open())
  const tickets: Ticket[] = []
  for (const ticket of await store.tickets.list()) {
    if (ticket.ref === null) continue
    if (open.has(ticket.change)) tickets.push(ticket)
    else if (ticket.state !== 'closed' && ticket.state !== 'gone') {
      const state = await storedChange(store, ticket.change)
      if (state !== null && Date.parse(clock.now()) - Date.parse(state.lastAt) < afterMs) tickets.push(ticket)
    }
  }
  return tickets
}

/** Seals with each change that its ticket was opened, closed, opened again or is gone, once. It is said of the change and decides nothing. */
async function sealTickets(context: Context, store: Store): Promise<void> {
  const world = await context.acts.changes()
  for (const ticket of await store.tickets.list()) {
    const words = sealedWords(ticket)
    if (words === null || words === ticket.sealed) continue
    const state = await storedChange(store, ticket.change)
    const last = state?.steps.findLast((step) => step.is === 'notified' && step.about === 'ticket')
    const about = { is: 'notified', channel: ticket.tracker, about: 'ticket', outcome: 'delivered' } as const
    if (state !== null && !(last?.is === 'notified' && last.detail === words))
      await recordStep(world, state, { ...about, detail: words })
    await store.tickets.update(ticket.change, { sealed: words })
  }
}

function sealedWords({ key, state, closedBy }: Ticket): string | null {
  if (key === null || state === null) return null
  const name = plainText(key, 200)
  if (state === 'open') return `${name} is open`
  if (state === 'gone') return `${name} is not there any more, or not shown to us`
  return `${name} was closed there${closedBy === null ? '' : ` by ${plainText(closedBy, 100)}`}`
}

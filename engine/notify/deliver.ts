import { Notice } from '@upkeep/contract/notify'
import { digestNotice } from '@upkeep/domain/notices/digest-notice'
import { channelKinds, kindOf } from '@upkeep/domain/notices/routing'
import { nextAttempt } from '@upkeep/domain/notices/sending-time'
import { trackerKinds } from '@upkeep/domain/tickets/covered-by'
import { newId } from '../kernel/ids.ts'
import type { Delivery } from '../store/deliveries.ts'
import type { Audience } from './queue-notice.ts'
import { type Sent, sendNotice } from './send-notice.ts'
import { sendTicket, type TicketWorld } from './send-ticket.ts'

/** Longer than any attempt takes: after it another process takes the message up, since the one that had it is gone. */
const takenMs = 120_000

/** What it takes to deliver what waits. */
export interface DeliveryWorld extends Pick<Audience, 'channels'>, TicketWorld {}

/** Sends what is due, digests included, and writes down what came of it. Never throws for what cannot be delivered. */
export async function deliverDue(world: DeliveryWorld): Promise<void> {
  await gatherDigests(world)
  for (;;) {
    const taken = await claim(world)
    if (taken.length === 0) return
    await Promise.all(taken.map((one) => attempt(world, one)))
  }
}

/** Sends these now where they are due, and says how each of them stands then. */
export async function deliverNow(world: DeliveryWorld, written: readonly Delivery[]): Promise<Delivery[]> {
  return Promise.all(
    written.map(async (one) => {
      const [taken] = one.state === 'due' ? await claim(world, one.id) : []
      return taken === undefined ? one : attempt(world, taken)
    }),
  )
}

function claim({ store, hands }: DeliveryWorld, id?: string): Promise<Delivery[]> {
  const now = hands.now()
  const until = new Date(Date.parse(now) + takenMs).toISOString()
  return store.deliveries.claim({
    now,
    until,
    via: [...channelKinds, ...trackerKinds],
    ...(id === undefined ? {} : { id }),
  })
}

async function attempt(world: DeliveryWorld, delivery: Delivery): Promise<Delivery> {
  const { store, hands } = world
  const { id, attempts, event } = delivery
  const isTicket = trackerKinds.some((kind) => kind === delivery.via)
  const sent = await (isTicket ? sendTicket(world, delivery) : sendOver(world, delivery))
  const now = hands.now()
  const next = sent.delivered || !sent.again || event === 'test' ? null : nextAttempt(attempts, now, sent.retryAfter)
  const state = sent.delivered ? 'delivered' : next === null ? 'failed' : 'due'
  const end = { state, why: sent.says, nextAt: next } as const
  await store.deliveries.end(id, { ...end, at: now })
  return { ...delivery, ...end, endedAt: state === 'due' ? null : now }
}

async function sendOver(
  { channels, hands }: DeliveryWorld,
  { channel: name, via, ...delivery }: Delivery,
): Promise<Sent> {
  const channel = channels.find((one) => one.name === name)
  if (channel === undefined || kindOf(channel) !== via)
    return { delivered: false, says: 'the channel is not in upkeep.yaml any more', again: false, retryAfter: null }
  const { id, recipient, body } = delivery
  return sendNotice(channel, { id, recipient, notice: Notice.parse(JSON.parse(body)) }, hands)
}

/** One message for each channel and recipient in place of those that wait for it, written down before it is sent. */
async function gatherDigests({ store, hands }: DeliveryWorld): Promise<void> {
  const now = hands.now()
  if ((await store.deliveries.forDigest(now)).length === 0) return
  await store.transaction(async (tx) => {
    const waiting = await tx.deliveries.forDigest(now)
    for (const group of Map.groupBy(waiting, ({ channel, recipient }) => `${channel} ${recipient}`).values()) {
      const [first] = group
      const notice = digestNotice(
        group.map(({ body }) => Notice.parse(JSON.parse(body))),
        now,
      )
      if (first === undefined || notice === null) continue
      const { channel, via, recipient } = first
      const id = newId(now)
      const fresh = {
        state: 'due',
        why: '',
        attempts: 0,
        nextAt: now,
        endedAt: null,
        digest: null,
        opens: false,
      } as const
      const told = { event: notice.event, thread: notice.thread, title: notice.title, body: JSON.stringify(notice) }
      await tx.deliveries.add({ id, at: now, channel, via, recipient, ...told, ...fresh })
      await tx.deliveries.gather(
        group.map((one) => one.id),
        id,
        now,
      )
    }
  })
}

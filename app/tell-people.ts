import type { Notice } from '@upkeep/contract/notify'
import { type DeliveryWorld, deliverDue, deliverNow } from '@upkeep/engine/notify/deliver'
import { queueFor, queueNotice } from '@upkeep/engine/notify/queue-notice'
import type { SendingHands } from '@upkeep/engine/notify/send-notice'
import { openOutgoing } from '@upkeep/engine/ports/outgoing'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import type { Delivery } from '@upkeep/engine/store/deliveries'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from './operations/context.ts'

/** What came of telling somebody at once. `withheld`: it is told later, or was told before; `detail` says why. */
export interface Told {
  readonly channel: string
  readonly outcome: 'delivered' | 'failed' | 'withheld'
  readonly detail: string
}

/** What has no thread of its own is one by itself. */
export type Telling = Omit<Notice, 'at'>

/**
 * Tells those who are to be told of something: written down first, then sent where it does not wait. Waits for each channel for seconds at
 * most: an emergency does not wait for mail. What could not be delivered is tried again by `deliverWaiting`. `also` is told beside it, without waiting
 * any longer, and is not in the answer.
 */
export async function tellPeople(context: Context, telling: Telling, also: readonly Telling[] = []): Promise<Told[]> {
  const { upkeepFile, people, clock } = context
  if (upkeepFile.notify.length === 0) return []
  const store = await context.store()
  const written: Delivery[][] = []
  for (const one of [telling, ...also])
    written.push(await queueNotice(store, { channels: upkeepFile.notify, people }, { ...one, at: clock.now() }))
  const sent = await deliverNow(deliveryWorld(context, store), written.flat())
  return sent.slice(0, written[0]?.length).map(toldOf)
}

/** As `tellPeople`, to one channel and whatever it asks for. Gives back how each message stands. */
export async function tellChannel(context: Context, name: string, telling: Telling): Promise<Delivery[]> {
  const { upkeepFile, people, clock } = context
  const store = await context.store()
  const channel = upkeepFile.notify.find((one) => one.name === name)
  if (channel === undefined) return []
  const written = await queueFor(store, channel, people, { ...telling, at: clock.now() })
  return deliverNow(deliveryWorld(context, store), written)
}

/** Sends what waits and is due: what quiet hours held, what has to be tried again, digests. */
export async function deliverWaiting(context: Context): Promise<void> {
  const store = await context.existingStore()
  if (store !== null) await deliverDue(deliveryWorld(context, store))
}

/** What it takes to send anything by itself. */
export function sendingHands({ stateDir, machine, upkeepFile, clock }: Context): SendingHands {
  const { resolve } = openSecrets({ stateDir, env: machine.env })
  return { resolve, outgoing: openOutgoing(upkeepFile.outgoing.inner), now: clock.now }
}

/** What it takes to send what was written down. */
export function deliveryWorld(context: Context, store: Store): DeliveryWorld {
  const { notify, tickets } = context.upkeepFile
  return { store, channels: notify, trackers: tickets, hands: sendingHands(context) }
}

function toldOf({ channel, state, why, attempts, nextAt }: Delivery): Told {
  if (state === 'delivered') return { channel, outcome: 'delivered', detail: '' }
  const isWaiting = attempts === 0 || state === 'not-sent' || state === 'in-digest'
  if (isWaiting && state !== 'failed')
    return { channel, outcome: 'withheld', detail: why === '' ? 'it waits for the message before it' : why }
  return { channel, outcome: 'failed', detail: nextAt === null ? why : `${why}; it is tried again` }
}

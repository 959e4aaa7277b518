import { trackerKinds } from '@upkeep/domain/tickets/covered-by'
import { newId } from '@upkeep/engine/kernel/ids'
import { call } from '@upkeep/engine/notify/send-notice'
import type { DeliveryState } from '@upkeep/engine/store/deliveries'
import type { Store } from '@upkeep/engine/store/store'
import { failingChannels } from '../failing-channels.ts'
import { sendingHands } from '../tell-people.ts'
import { syncTickets } from '../tell-tickets.ts'
import type { Context, ScanOutcome } from './context.ts'
import { tellAlarms } from './tell-alarms.ts'

/** What follows a round without anybody at hand: alarms and what is over, tickets, and the sign of life. */
export async function afterRound(context: Context, outcome: Pick<ScanOutcome, 'round' | 'ran'>): Promise<void> {
  await tellAlarms(context)
  await syncTickets(context)
  await sendHeartbeat(context, outcome)
}

/**
 * Calls the owner's address after a round in which every duty that was due ran to its end, and while every channel can be told: whoever watches that
 * address raises the alarm when it stays out. Once, and not again: the next round calls again.
 */
async function sendHeartbeat(context: Context, { round, ran }: Pick<ScanOutcome, 'round' | 'ran'>): Promise<void> {
  const { heartbeat } = context.upkeepFile
  const store = await context.existingStore()
  if (heartbeat === undefined || store === null || round === null || ran.length === 0 || context.signal.aborted) return
  const why = await notGood(context, store, round)
  const { outgoing, resolve } = sendingHands(context)
  const url = why === null ? resolve(heartbeat.url) : null
  if (why !== null) return note(context, store, 'not-sent', why)
  if (url === null) return note(context, store, 'failed', 'its address is not where it is said to be')
  const { delivered, says } = await call(outgoing, url, heartbeat.method).catch(() => failed)
  await note(context, store, delivered ? 'delivered' : 'failed', says)
}

const failed = { delivered: false, says: 'it could not be called' }

/** Why a round gives no sign of life; null where it does. */
async function notGood(context: Context, store: Store, round: string): Promise<string | null> {
  const runs = (await store.runs.list({ limit: mostRuns })).filter((one) => one.round === round)
  const broken = runs.filter(({ outcome }) => outcome === 'failed' || outcome === 'interrupted')
  if (broken.length > 0) return `the round was not whole: ${broken.map(({ duty }) => duty).join(', ')} did not end`
  const [mute] = (await failingChannels(context, store)).filter(
    ({ via }) => via !== 'heartbeat' && !trackerKinds.some((kind) => kind === via),
  )
  return mute === undefined ? null : `"${mute.channel}" could not be told: ${mute.why}`
}

/** More than one round has. */
const mostRuns = 500

async function note(context: Context, store: Store, state: DeliveryState, why: string): Promise<void> {
  const at = context.clock.now()
  const what = { channel: 'heartbeat', via: 'heartbeat', recipient: context.upkeepFile.heartbeat?.url ?? '' }
  const told = {
    event: 'heartbeat',
    thread: 'heartbeat',
    opens: false,
    title: 'Sign of life',
    body: '{}',
    digest: null,
  }
  const attempts = state === 'not-sent' ? 0 : 1
  await store.deliveries.add({ id: newId(at), at, ...what, ...told, state, why, attempts, nextAt: null, endedAt: at })
}

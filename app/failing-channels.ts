import { kindOf } from '@upkeep/domain/notices/routing'
import { trackerKind } from '@upkeep/domain/tickets/covered-by'
import type { Delivery } from '@upkeep/engine/store/deliveries'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from './operations/context.ts'

/** Channels and trackers that are set up, and whose newest message was not delivered: what they were to be told may be known to nobody. */
export async function failingChannels({ upkeepFile }: Context, store: Store): Promise<Delivery[]> {
  const { notify, heartbeat, tickets } = upkeepFile
  const isSetUp = ({ channel, via }: Delivery) =>
    via === 'heartbeat'
      ? heartbeat !== undefined
      : notify.some((one) => one.name === channel && kindOf(one) === via) ||
        tickets.some((one) => one.name === channel && trackerKind(one) === via)
  return (await store.deliveries.latest()).filter((one) => one.state !== 'delivered' && isSetUp(one))
}

import type { Notice, NotifyChannel } from '@upkeep/contract/notify'
import type { Person } from '@upkeep/contract/person'
import { plainText } from '@upkeep/domain/notices/notice-text'
import { closesThread, isFor, isToldOnce, kindOf, mailAddresses, opensThread } from '@upkeep/domain/notices/routing'
import { nextDigest, quietUntil } from '@upkeep/domain/notices/sending-time'
import { newId } from '../kernel/ids.ts'
import type { Delivery } from '../store/deliveries.ts'
import type { Store } from '../store/store.ts'

/** Who is told, as `upkeep.yaml` says. */
export interface Audience {
  readonly channels: readonly NotifyChannel[]
  readonly people: readonly Person[]
}

/**
 * Writes down what is to be told to whom, before anything is sent, in one transaction: at once, after quiet hours, or in a digest. That a matter is over
 * is told to whom it was told of, and closes its thread. Gives back what was written.
 */
export function queueNotice(store: Store, { channels, people }: Audience, notice: Notice): Promise<Delivery[]> {
  return store.transaction(async (tx) => {
    const open = (await tx.deliveries.open()).filter(({ thread }) => thread === notice.thread)
    const written: Delivery[] = []
    for (const channel of channels) {
      const heard = open.some((one) => one.channel === channel.name)
      if (!isFor(channel, notice, heard)) continue
      const opens = opensThread(notice.event)
      const once = isToldOnce(notice.event)
      for (const delivery of deliveriesFor(channel, people, notice, opens))
        written.push(await tx.deliveries.add(delivery, { once }))
    }
    if (closesThread(notice.event)) await tx.deliveries.closeThread(notice.thread)
    return written
  })
}

/** One message to a channel that is told whatever else it asks for: a test, an invitation. */
export function queueFor(
  store: Store,
  channel: NotifyChannel,
  people: readonly Person[],
  notice: Notice,
): Promise<Delivery[]> {
  return store.transaction(async (tx) => {
    const written: Delivery[] = []
    for (const delivery of deliveriesFor(channel, people, notice, false))
      written.push(await tx.deliveries.add(delivery))
    return written
  })
}

function deliveriesFor(channel: NotifyChannel, people: readonly Person[], notice: Notice, opens: boolean): Delivery[] {
  const recipients = recipientsOf(channel, notice, people)
  const { at, event, thread } = notice
  const common = { at, channel: channel.name, via: kindOf(channel), event, thread, title: plainText(notice.title) }
  const fresh = { ...common, opens, attempts: 0, digest: null, body: JSON.stringify(notice) }
  if (recipients === null) {
    const why = 'nobody to whom it goes has an address of mail in upkeep.yaml'
    return [
      { ...fresh, id: newId(at), opens: false, recipient: 'nobody', state: 'failed', why, nextAt: null, endedAt: at },
    ]
  }
  const time = timeFor(channel, notice)
  return recipients.map((recipient) => ({ ...fresh, ...time, id: newId(at), recipient, endedAt: null }))
}

function recipientsOf(channel: NotifyChannel, notice: Notice, people: readonly Person[]): string[] | null {
  if ('mail' in channel) return mailAddresses(channel, notice, people)
  if ('webhook' in channel) return [new URL(channel.webhook).host]
  if ('pagerduty' in channel) return [new URL(channel.at).host]
  return ['slack' in channel ? channel.slack : channel.teams]
}

/** When it is sent. What is urgent, and what somebody asked for now, waits for nothing. */
function timeFor(channel: NotifyChannel, { at, urgent, event }: Notice): Pick<Delivery, 'state' | 'why' | 'nextAt'> {
  const [quiet, digest] = 'pagerduty' in channel ? [undefined, undefined] : [channel.quiet, channel.digest]
  const now = { state: 'due', why: '', nextAt: at } as const
  if (urgent || event === 'test') return now
  if (digest !== undefined && event !== 'invitation') {
    const next = nextDigest(digest, at)
    const nextAt = (quiet === undefined ? null : quietUntil(quiet, next)) ?? next
    return { state: 'for-digest', why: `it waits for the digest of ${nextAt}`, nextAt }
  }
  const until = quiet === undefined ? null : quietUntil(quiet, at)
  return until === null ? now : { state: 'held', why: `it is held until quiet hours end at ${until}`, nextAt: until }
}

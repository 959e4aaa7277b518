import type { NotifyChannel } from '@upkeep/contract/notify'
import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import type { Delivery } from '@upkeep/engine/store/deliveries'
import { z } from 'zod'

/** One message as programs read it: what, to whom, when, and what came of it. */
export const ListedDelivery = z.strictObject({
  id: z.string().describe('It went with the message: whoever got it twice can tell by it'),
  at: z.string(),
  channel: z.string(),
  via: z.string(),
  recipient: z.string().describe('An address of mail, a host, or where the address is found; never a secret'),
  event: z.string(),
  title: z.string(),
  state: z.enum(['due', 'held', 'for-digest', 'in-digest', 'delivered', 'failed', 'not-sent']),
  why: z.string().describe('What was answered, why it waits, or why it is not sent'),
  attempts: z.int(),
  nextAt: z.string().nullable().describe('When it is sent, or tried again'),
  endedAt: z.string().nullable(),
  digest: z.string().nullable().describe('The message that said it with others'),
})
export type ListedDelivery = z.infer<typeof ListedDelivery>

export function listedDelivery({ body: _, opens: __, thread: ___, ...delivery }: Delivery): ListedDelivery {
  return delivery
}

/** Where a channel goes, as it may be shown. */
export function goesTo(channel: NotifyChannel): string {
  if ('webhook' in channel) return new URL(channel.webhook).host
  if ('slack' in channel) return channel.slack
  if ('teams' in channel) return channel.teams
  if ('pagerduty' in channel) return new URL(channel.at).host
  if (typeof channel.mail === 'string') return channel.mail
  return 'roles' in channel.mail
    ? `people who are ${channel.mail.roles.join(' or ')}`
    : 'people who answer for the servers'
}

const tones = {
  delivered: 'green',
  failed: 'red',
  due: 'yellow',
  held: 'yellow',
  'for-digest': 'cyan',
  'in-digest': 'dim',
  'not-sent': 'dim',
} as const

const words: Record<ListedDelivery['state'], string> = {
  delivered: 'delivered',
  failed: 'failed',
  due: 'waits',
  held: 'held',
  'for-digest': 'digest',
  'in-digest': 'in digest',
  'not-sent': 'not sent',
}

/** Messages for reading, a few lines each. */
export function deliveryRows(deliveries: readonly ListedDelivery[], style: TerminalStyle): string[] {
  return layRows(
    deliveries.map(({ state, channel, recipient, at, event, title, why, attempts, nextAt }) => ({
      label: words[state],
      tone: tones[state],
      name: plain(style, channel),
      lines: [
        `to ${plain(style, recipient)}, ${at.slice(0, 16).replace('T', ' ')} UTC, ${event}: ${plain(style, title)}`,
        ...(why === '' ? [] : [why]),
        ...(attempts > 1 ? [`tried ${attempts} times`] : []),
        ...(nextAt === null ? [] : [`next at ${nextAt.slice(0, 16).replace('T', ' ')} UTC`]),
      ],
      command: null,
    })),
    style,
  )
}

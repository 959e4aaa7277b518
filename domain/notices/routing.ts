import type { Severity } from '@upkeep/contract/finding'
import type { MessageKind, Notice, NoticeEvent, NotifyChannel } from '@upkeep/contract/notify'
import type { Person } from '@upkeep/contract/person'

const severities = ['low', 'medium', 'high', 'critical'] as const
const opening = new Set<MessageKind>([
  'emergency-asked',
  'emergency-opened',
  'emergency-not-contained',
  'change-not-made',
  'alarm',
])
const closing = new Set<MessageKind>([
  'emergency-contained',
  'change-applied',
  'change-rolled-back',
  'enforcement-reverted',
  'resolved',
])

/** Whether it opens a matter that stays open until something says that it is over. */
export function opensThread(event: MessageKind): boolean {
  return opening.has(event)
}

/** Whether it is told once while its matter is open. What happened again in the same matter is told again. */
export function isToldOnce(event: MessageKind): boolean {
  return event === 'alarm' || event === 'emergency-asked' || event === 'emergency-opened'
}

/** Whether it says that the matter of its thread is over. */
export function closesThread(event: MessageKind): boolean {
  return closing.has(event)
}

type Told = Pick<Notice, 'event' | 'owners' | 'severity' | 'urgent'>

/**
 * Whether a channel is to be told: of such an event, about servers that one of its owners answers for, grave enough. What is urgent is grave enough
 * anywhere. That something is over goes to whom it was told of (`heard`), whatever else they ask for; to an on-call service nothing else goes that
 * opens nothing, but that somebody took it on.
 */
export function isFor(channel: NotifyChannel, { event, owners, severity, urgent }: Told, heard: boolean): boolean {
  if (event === 'taken-on') return 'pagerduty' in channel && heard
  if (closesThread(event) && heard) return true
  if (event === 'resolved' || ('pagerduty' in channel && !opensThread(event))) return false
  const isAbout = channel.about === undefined || channel.about.some((one: NoticeEvent) => one === event)
  const isOwned = channel.owners === undefined || channel.owners.some((owner) => owners.includes(owner))
  return isAbout && isOwned && (urgent || severity === null || isAtLeast(severity, leastSeverity(channel)))
}

/** From which severity on a channel is told of findings. */
function leastSeverity({ severity = 'high' }: NotifyChannel): Severity {
  return severity
}

/** Whether any channel is told of findings of this severity. */
export function isHeardOf(severity: Severity, channels: readonly NotifyChannel[]): boolean {
  return channels.some((channel) => isAtLeast(severity, leastSeverity(channel)))
}

function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least)
}

/** To whom a channel of mail goes; null: nobody of them has an address. */
export function mailAddresses(
  { mail }: Extract<NotifyChannel, { mail: unknown }>,
  { owners }: Pick<Notice, 'owners'>,
  people: readonly Person[],
): string[] | null {
  if (typeof mail === 'string') return [mail]
  const wanted = people.filter((one) =>
    'roles' in mail ? one.roles.some((role) => mail.roles.includes(role)) : owners.includes(one.id),
  )
  const found = [...new Set(wanted.flatMap((one) => (one.mail === undefined ? [] : [one.mail])))].slice(0, maxPeople)
  return found.length === 0 ? null : found
}

const maxPeople = 100

export const channelKinds = ['mail', 'webhook', 'slack', 'teams', 'pagerduty'] as const

/** What kind of channel it is, in a word. */
export function kindOf(channel: NotifyChannel): (typeof channelKinds)[number] {
  if ('mail' in channel) return 'mail'
  if ('webhook' in channel) return 'webhook'
  if ('slack' in channel) return 'slack'
  return 'teams' in channel ? 'teams' : 'pagerduty'
}

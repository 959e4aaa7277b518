import { createHmac } from 'node:crypto'
import type { HttpPort } from '@upkeep/contract'
import type { NoticeEvent, NotifyChannel } from '@upkeep/contract/notify'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { type Mail, sendMail } from '@upkeep/engine/ports/sendmail'

/** What is told: where to look further, and no secret. */
export interface Notice {
  readonly event: NoticeEvent
  /** Null where it is about no change. */
  readonly change: string | null
  readonly title: string
  readonly rehearsal: boolean
  readonly servers: readonly string[]
  /** Who answers for these servers. */
  readonly owners: readonly string[]
  /** What there is to say of it, a line each. */
  readonly details: readonly string[]
  /** The command that shows more. */
  readonly more: string
  readonly at: string
}

/** What came of telling somebody. */
export interface Told {
  readonly channel: string
  readonly outcome: 'delivered' | 'failed'
  readonly detail: string
}

interface Hands {
  resolve(reference: string): string | null
  publicHttp?: HttpPort
  privateHttp?: HttpPort
}

/** Whether a channel is to be told: of such an event, about servers that one of its owners answers for. */
export function isFor({ about, owners }: NotifyChannel, notice: Pick<Notice, 'event' | 'owners'>): boolean {
  const isAbout = about === undefined || about.includes(notice.event)
  return isAbout && (owners === undefined || owners.some((owner) => notice.owners.includes(owner)))
}

/** Tells those that `notify` names for it, at once. Never throws, and waits for each ten seconds at most: an emergency does not wait for mail. */
export function notifyPeople(channels: readonly NotifyChannel[], notice: Notice, hands: Hands): Promise<Told[]> {
  const wanted = channels.filter((channel) => isFor(channel, notice))
  return Promise.all(
    wanted.map(async (channel) => {
      const failed = await tell(channel, notice, hands).catch(() => 'it could not be delivered')
      const outcome = failed === null ? ('delivered' as const) : ('failed' as const)
      return { channel: channel.name, outcome, detail: failed ?? '' }
    }),
  )
}

function tell(channel: NotifyChannel, notice: Notice, hands: Hands): Promise<string | null> {
  if ('mail' in channel) return sendMail(channel.sendmail, mailOf(channel, notice))
  return post(channel, notice, hands)
}

async function post(
  { webhook, secret, private: isPrivate }: Extract<NotifyChannel, { webhook: string }>,
  notice: Notice,
  { resolve, publicHttp = createHttpPort({ publicOnly: true }), privateHttp = createHttpPort() }: Hands,
): Promise<string | null> {
  if (!isPrivate && !webhook.startsWith('https:')) return 'only https goes to a public address'
  const key = secret === undefined ? null : resolve(secret)
  if (secret !== undefined && key === null) return 'its key is not where it is said to be'
  const body = JSON.stringify({ format: 'upkeep-notice/1', ...notice })
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (key !== null) headers['x-upkeep-signature'] = `sha256=${createHmac('sha256', key).update(body).digest('hex')}`
  const answer = await (isPrivate ? privateHttp : publicHttp).exchange({
    url: webhook,
    method: 'POST',
    headers,
    body,
    timeoutMs: 10_000,
    maxBytes: 10_000,
  })
  if (answer.state === 'unavailable') return answer.reason
  return answer.status >= 200 && answer.status < 300 ? null : `it answered ${answer.status}`
}

const words: Record<NoticeEvent, string> = {
  'emergency-asked': 'Is it an emergency?',
  'emergency-opened': 'Emergency opened',
  'emergency-contained': 'Emergency contained',
  'emergency-not-contained': 'Emergency NOT contained',
  'enforcement-reverted': 'Set back',
  'change-applied': 'Change made',
  'change-rolled-back': 'Change taken back',
  'change-not-made': 'Change NOT made in its time',
  alarm: 'Alarm',
}

function mailOf({ mail, from }: Extract<NotifyChannel, { mail: string }>, notice: Notice): Mail {
  const { event, title, rehearsal, servers, owners, details, more, at } = notice
  const subject = `${rehearsal ? 'REHEARSAL: ' : ''}${words[event]}: ${title}`
  const lines = [
    subject,
    '',
    `at ${at}`,
    `servers: ${servers.slice(0, 50).join(', ')}`,
    ...(owners.length === 0 ? [] : [`answered for by: ${owners.slice(0, 50).join(', ')}`]),
    ...(details.length === 0 ? [] : ['', ...details]),
    '',
    more,
    '',
  ]
  return { from, to: mail, subject, text: lines.join('\n') }
}

import { createHmac } from 'node:crypto'
import type { HttpResponse, Refusal } from '@upkeep/contract'
import type { Notice, NotifyChannel } from '@upkeep/contract/notify'
import { linesOf, subjectOf } from '@upkeep/domain/notices/notice-text'
import { pagerDutyEvent, pagerDutyFollowUp } from '@upkeep/domain/notices/pagerduty-event'
import { opensThread } from '@upkeep/domain/notices/routing'
import { slackMessage } from '@upkeep/domain/notices/slack-message'
import { teamsCard } from '@upkeep/domain/notices/teams-card'
import type { Mail, MailRefusal } from '../ports/mail.ts'
import type { Outgoing } from '../ports/outgoing.ts'

const timeoutMs = 10_000
const maxAnswer = 10_000

/** What it takes to send: the guarded way out, and what leads to secrets. */
export interface SendingHands {
  readonly outgoing: Outgoing
  resolve(reference: string): string | null
  now(): string
}

/** What came of one attempt. `again`: another one may do better; `retryAfter` is what the other side asked for. */
export interface Sent {
  readonly delivered: boolean
  readonly says: string
  readonly again: boolean
  readonly retryAfter: string | null
}

/** One message as it is to be sent: `id` goes with it, so that whoever gets it twice can tell. */
export interface Message {
  readonly id: string
  readonly recipient: string
  readonly notice: Notice
}

/** Sends one message over a channel. Never throws, and takes seconds at most. */
export async function sendNotice(channel: NotifyChannel, message: Message, hands: SendingHands): Promise<Sent> {
  try {
    if ('mail' in channel) return fromMail(await mail(channel, message, hands))
    if ('webhook' in channel) return await webhook(channel, message, hands)
    if ('pagerduty' in channel) return await pagerDuty(channel, message, hands)
    const [reference, body] =
      'slack' in channel ? [channel.slack, slackMessage(message.notice)] : [channel.teams, teamsCard(message.notice)]
    const url = hands.resolve(reference)
    return url === null ? noSecret('its address') : await postJson(hands.outgoing, url, JSON.stringify(body))
  } catch {
    return failed('it could not be sent', true)
  }
}

/** A request without a message: a sign of life. */
export async function call(outgoing: Outgoing, url: string, method: 'GET' | 'POST'): Promise<Sent> {
  return outcome(await outgoing.exchange({ url, method, headers: {}, timeoutMs, maxBytes: maxAnswer }))
}

async function webhook(
  { webhook: url, secret }: Extract<NotifyChannel, { webhook: string }>,
  { id, notice }: Message,
  { resolve, now, outgoing }: SendingHands,
): Promise<Sent> {
  const key = secret === undefined ? null : resolve(secret)
  if (secret !== undefined && key === null) return noSecret('its key')
  const { calendar: _, ...told } = notice
  const body = JSON.stringify({ format: 'upkeep-notice/1', id, type: notice.event, timestamp: notice.at, ...told })
  const seconds = String(Math.floor(Date.parse(now()) / 1_000))
  const signature = key === null ? null : signatureOf(key, `${id}.${seconds}.${body}`)
  if (key !== null && signature === null)
    return failed('its key is not whsec_ and the base64 of 24 to 64 bytes, as Standard Webhooks have it', true)
  const headers: Record<string, string> = { 'webhook-id': id, 'webhook-timestamp': seconds }
  if (signature !== null) headers['webhook-signature'] = signature
  return postJson(outgoing, url, body, headers)
}

/** As Standard Webhooks 1.0 have it: `v1,` and the base64 of HMAC-SHA-256 over id, seconds and body. Null where the key is none. */
function signatureOf(key: string, signed: string): string | null {
  const encoded = key.replace(/^whsec_/, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length < 24 || bytes.length > 64) return null
  return `v1,${createHmac('sha256', bytes).update(signed).digest('base64')}`
}

async function pagerDuty(
  { pagerduty, at }: Extract<NotifyChannel, { pagerduty: string }>,
  { id, notice }: Message,
  { resolve, outgoing }: SendingHands,
): Promise<Sent> {
  const key = resolve(pagerduty)
  if (key === null) return noSecret('its integration key')
  const [triggered, followUp] = [pagerDutyEvent(notice, { key, id }), pagerDutyFollowUp(notice, key)]
  if (notice.event === 'test') {
    // It is seen to arrive, and calls nobody longer than that.
    const sent = await postJson(outgoing, at, JSON.stringify(triggered))
    return sent.delivered ? postJson(outgoing, at, JSON.stringify(followUp)) : sent
  }
  return postJson(outgoing, at, JSON.stringify(opensThread(notice.event) ? triggered : followUp))
}

async function mail(
  { from, sendmail, smtp }: Extract<NotifyChannel, { mail: unknown }>,
  { id, recipient, notice }: Message,
  { resolve, outgoing }: SendingHands,
): Promise<MailRefusal> {
  // Loaded by whoever sends mail, and by nobody else.
  const { mailOver, sendMail } = await import('../ports/mail.ts')
  const { facts, details, more } = linesOf(notice)
  const subject = subjectOf(notice)
  const lines = [subject, '', ...facts.map(({ name, value }) => `${name}: ${value}`)]
  const text = [...lines, ...(details.length === 0 ? [] : ['', ...details]), '', more, '', `message ${id}`, ''].join(
    '\n',
  )
  const { calendar: asked, title, at } = notice
  const envelope = { title, from, to: recipient, at }
  const calendar =
    asked === undefined ? {} : { calendar: (await import('./invitation.ts')).invitation(asked, envelope) }
  const one: Mail = { from, to: recipient, subject, text, id, thread: notice.thread, ...calendar }
  if (smtp === undefined) return sendMail(sendmail, one)
  const { host, port, tls, user, password } = smtp
  const secret = password === undefined ? '' : resolve(password)
  if (secret === null) return { says: 'its password is not where it is said to be', again: true }
  return mailOver({ host, port, tls, login: user === undefined ? null : { user, password: secret } }, one, outgoing)
}

async function postJson(
  outgoing: Outgoing,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  const request = { url, method: 'POST', body, timeoutMs, maxBytes: maxAnswer }
  return outcome(await outgoing.exchange({ ...request, headers: { 'content-type': 'application/json', ...headers } }))
}

/** Answers that another attempt may change: too early, too many, and whatever is wrong on the other side. */
export function outcome(answer: HttpResponse | Refusal): Sent {
  if (answer.state === 'unavailable')
    return failed(answer.reason, answer.code !== 'not-supported' && answer.code !== 'malformed')
  const { status, headers } = answer
  if (status >= 200 && status < 300)
    return { delivered: true, says: `it answered ${status}`, again: false, retryAfter: null }
  const redirected = status >= 300 && status < 400 ? ', and redirects are not followed' : ''
  const again = status >= 500 || status === 408 || status === 425 || status === 429
  return { ...failed(`it answered ${status}${redirected}`, again), retryAfter: headers['retry-after'] ?? null }
}

function fromMail(refusal: MailRefusal): Sent {
  if (refusal !== null) return failed(refusal.says, refusal.again)
  return { delivered: true, says: 'it was taken', again: false, retryAfter: null }
}

function noSecret(what: string): Sent {
  return failed(`${what} is not where it is said to be`, true)
}

function failed(says: string, again: boolean): Sent {
  return { delivered: false, says, again, retryAfter: null }
}

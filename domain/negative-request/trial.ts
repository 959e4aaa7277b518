import type { HttpPort, HttpRequest, HttpResponse, Refusal } from '@upkeep/contract/ports'
import type { ControlAttempt, ProbeSubject } from '@upkeep/contract/probe'
import { product } from '@upkeep/contract/product'
import { type Era, eras, type Message, openingMessage } from './messages.ts'
import { type Reading, readAnswer } from './read-answer.ts'

/** An address that no server can have a reason to trust: reserved for examples, so nobody owns it. */
export const forgedHost = 'evil.example'
export const forgedOrigin = 'http://evil.example'

/** What one request carries besides its message. */
export interface Sending {
  forged?: Readonly<Record<string, string>>
  authorized?: boolean
  /** Another credential, as a header, instead of the configured one; with what to call it in the transcript. */
  credential?: { header: string; called: string }
  /** For a message that takes long to go out. */
  timeoutMs?: number
}

/** One attempt of a probe: sends, writes down what went over the wire, and closes at the end whatever sessions it was given. */
export interface Trial {
  send(message: Message, sending: Sending): Promise<Reading>
  /** Begins a conversation in the first era that is served; null when none is, and then what each answered. */
  enter(authorized: boolean): Promise<{ era: Era; session: string | null } | { era: null; why: string }>
  /** A preflight as a browser would send it from a foreign page, and the headers that came back. */
  preflight(origin: string): Promise<HttpResponse | Refusal>
  /** The last whole answer: for probes that judge headers. */
  last(): HttpResponse | Refusal | null
  /** Closes the sessions and gives the attempt. */
  finish(outcome: ControlAttempt['outcome'], detail: string): Promise<ControlAttempt>
}

const timeoutMs = 5_000
const maxBytes = 65_536
/** By these whoever reads the logs knows a trial of their own from an attack. */
const always = { 'user-agent': `${product.name}-probe/${product.version}`, 'x-upkeep-probe': 'harmless' }

/** Begins an attempt against one endpoint. */
export function beginTrial(subject: ProbeSubject, http: HttpPort): Trial {
  const transcript: ControlAttempt['transcript'] = []
  const sessions: { id: string; authorized: boolean }[] = []
  let last: HttpResponse | Refusal | null = null

  async function exchange(
    what: string,
    request: Omit<HttpRequest, 'url' | 'timeoutMs' | 'maxBytes'> & { timeoutMs?: number },
  ) {
    last = await http.exchange({ url: subject.url, timeoutMs, maxBytes, firstEventOnly: true, ...request })
    transcript.push({ sent: what, received: describe(last) })
    return last
  }

  function authorization(authorized: boolean): Record<string, string> {
    return authorized && subject.authorization !== null ? { authorization: subject.authorization } : {}
  }

  async function send(message: Message, sending: Sending): Promise<Reading> {
    const { forged = {}, authorized = false, credential, timeoutMs: longer } = sending
    const headers = {
      ...always,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...message.headers,
      ...authorization(authorized),
      ...(credential === undefined ? {} : { authorization: credential.header }),
      ...forged,
    }
    const shown = credential === undefined ? (authorized ? 'with the token' : 'without a token') : credential.called
    const what = [`POST ${message.method}`, ...written(forged), shown]
    const time = longer === undefined ? {} : { timeoutMs: longer }
    const answer = await exchange(what.join(', '), { method: 'POST', headers, body: message.body, ...time })
    const session = answer.state === 'answered' ? (answer.headers['mcp-session-id'] ?? null) : null
    if (session !== null && message.headers['mcp-session-id'] === undefined) sessions.push({ id: session, authorized })
    return readAnswer(answer)
  }

  async function enter(authorized: boolean) {
    const why: string[] = []
    for (const era of eras) {
      const message = openingMessage(era)
      const opened = await send(message, { authorized })
      if (opened.kind === 'answered') return { era, session: opened.session }
      why.push(`${message.method}: ${opened.brief}`)
    }
    return { era: null, why: why.join('; ') }
  }

  function preflight(origin: string) {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
    const what = `OPTIONS, ${written({ origin }).join(', ')}, asking to POST`
    return exchange(what, { method: 'OPTIONS', headers: { ...always, ...asked, origin } })
  }

  async function finish(outcome: ControlAttempt['outcome'], detail: string): Promise<ControlAttempt> {
    for (const { id, authorized } of sessions) {
      const headers = { ...always, ...authorization(authorized), 'mcp-session-id': id }
      await exchange('DELETE, closing the session', { method: 'DELETE', headers })
    }
    return { outcome, detail, transcript }
  }

  return { send, enter, preflight, last: () => last, finish }
}

function written(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
}

/** The answer without its text: a server may repeat in it whatever it was sent, credentials too. */
function describe(answer: HttpResponse | Refusal): string {
  if (answer.state === 'unavailable') return `no answer: ${answer.reason}`
  const { headers } = answer
  const parts = [`HTTP ${answer.status}`]
  const type = /^[a-z]+\/[a-z0-9.+-]{1,60}/.exec((headers['content-type'] ?? '').toLowerCase())?.[0]
  if (type !== undefined) parts.push(type)
  if (headers['mcp-session-id'] !== undefined) parts.push('with a session')
  if (headers['www-authenticate'] !== undefined) parts.push('with www-authenticate')
  const allowed = headers['access-control-allow-origin']
  if (allowed !== undefined) parts.push(`access-control-allow-origin: ${knownOrigin(allowed)}`)
  parts.push(`${answer.body.length} characters${answer.truncated ? ', cut' : ''}`)
  return parts.join(', ')
}

function knownOrigin(value: string): string {
  return ['*', 'null', forgedOrigin].includes(value) ? value : '(another)'
}

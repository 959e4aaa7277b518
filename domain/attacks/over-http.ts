import type { HttpPort, HttpResponse, Refusal } from '@upkeep/contract/ports'
import { product } from '@upkeep/contract/product'
import type { ServerReply } from '@upkeep/contract/server-probe'
import { isRecord } from '../is-record.ts'
import { handshakeVersion } from '../mcp-protocol.ts'
import { messagesIn } from './answers.ts'
import type { Attacked, ForgedRequest, Front } from './attacked.ts'

/** The tokens of a server's owner: `own` opens it, the others are each wrong in one way, `other` is somebody else's. */
export interface Tokens {
  own: string | null
  foreignAudience?: string
  expired?: string
  other?: string
}

const maxBytes = 8 << 20
const usualMs = 15_000

/** A server that is spoken to by HTTP, with a conversation opened; a text says why there is none. */
export async function attackedOverHttp(
  http: HttpPort,
  url: string,
  tokens: Tokens,
  rest: Pick<Attacked, 'places'> & { end(said: readonly string[]): ReturnType<Attacked['end']> },
): Promise<Attacked | string> {
  const said: string[] = []
  let lastId = 0
  const post = async (body: string, token: string | null, more: Record<string, string>, timeoutMs = usualMs) => {
    const answer = await http.exchange({
      url,
      method: 'POST',
      headers: headersFor(token, more),
      body,
      timeoutMs,
      maxBytes,
    })
    if (answer.state === 'answered')
      said.push(
        ...messagesIn(answer)
          .map((one) => JSON.stringify(one))
          .slice(0, 1_000),
      )
    return answer
  }
  const opened = await open(post, tokens.own)
  if (typeof opened === 'string') return opened
  const own = opened
  const inSession = (session: string | null): Record<string, string> =>
    session === null ? {} : { 'mcp-session-id': session }
  const nextId = () => {
    lastId += 1
    return lastId
  }

  async function rpc(method: string, params: object = {}, timeoutMs = usualMs): Promise<ServerReply> {
    const id = nextId()
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params })
    const answer = await post(body, tokens.own, inSession(own.session), timeoutMs)
    if (answer.state === 'unavailable') return { state: 'failed', milliseconds: timeoutMs }
    return replyOf(answer, id)
  }

  async function send({ method = 'POST', token, session, headers = {}, padding, body }: ForgedRequest) {
    const params = padding === undefined ? {} : { padding: 'x'.repeat(padding) }
    const text = body ?? JSON.stringify({ jsonrpc: '2.0', id: nextId(), method: 'tools/list', params })
    const given = tokenFor(tokens, token)
    const id = await sessionFor(session)
    return http.exchange({
      url: token === 'in-address' ? `${url}?access_token=${encodeURIComponent(tokens.own ?? '')}` : url,
      method,
      headers: { ...headersFor(given, inSession(id)), ...headers },
      ...(method === 'POST' ? { body: text } : {}),
      timeoutMs: usualMs,
      maxBytes,
    })
  }

  async function sessionFor(kind: ForgedRequest['session']): Promise<string | null> {
    if (kind === undefined) return own.session
    if (kind === 'guessed') return '00000000-0000-4000-8000-000000000000'
    const second = await open(post, kind === 'of-another' ? (tokens.other ?? null) : tokens.own)
    if (typeof second === 'string') return null
    if (kind === 'ended') {
      const headers = headersFor(tokens.own, inSession(second.session))
      await http.exchange({ url, method: 'DELETE', headers, timeoutMs: usualMs, maxBytes: 4_000 })
    }
    return second.session
  }

  const front: Front = {
    send,
    has: {
      token: tokens.own !== null,
      'foreign-audience': tokens.foreignAudience !== undefined,
      expired: tokens.expired !== undefined,
      'of-another': tokens.other !== undefined,
      session: own.session !== null,
    },
  }
  return {
    rpc,
    notify: async (method, params) => {
      await post(JSON.stringify({ jsonrpc: '2.0', method, params }), tokens.own, inSession(own.session))
    },
    front,
    places: rest.places,
    end: () => rest.end(said),
  }
}

type Post = (body: string, token: string | null, more: Record<string, string>) => Promise<HttpResponse | Refusal>

async function open(post: Post, token: string | null): Promise<{ session: string | null } | string> {
  const params = { protocolVersion: handshakeVersion, capabilities: {}, clientInfo: product }
  const answer = await post(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }), token, {})
  if (answer.state === 'unavailable') return answer.reason
  if (!messagesIn(answer).some((one) => 'result' in one)) return `initialize is not served (HTTP ${answer.status})`
  const session = answer.headers['mcp-session-id'] ?? null
  const more: Record<string, string> = session === null ? {} : { 'mcp-session-id': session }
  await post(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), token, more)
  return { session }
}

/** The headers of a request of ours: marked as a probe's, so that nobody takes it for an attack. */
export function headersFor(token: string | null, more: Record<string, string>): Record<string, string> {
  return {
    'user-agent': `${product.name}-probe/${product.version}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': handshakeVersion,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...more,
  }
}

function tokenFor(tokens: Tokens, kind: ForgedRequest['token']): string | null {
  if (kind === 'none' || kind === 'in-address') return null
  if (kind === 'expired') return tokens.expired ?? null
  return kind === 'foreign-audience' ? (tokens.foreignAudience ?? null) : tokens.own
}

function replyOf(answer: HttpResponse, id: number): ServerReply {
  const { milliseconds } = answer
  const message = messagesIn(answer).find((one) => one.id === id)
  if (message !== undefined && isRecord(message.result))
    return { state: 'result', result: message.result, milliseconds }
  if (message !== undefined && isRecord(message.error)) {
    const { code, message: text } = message.error
    return {
      state: 'error',
      code: Number(code),
      message: `${String(text)} ${JSON.stringify(message.error)}`,
      milliseconds,
    }
  }
  return answer.status >= 400
    ? { state: 'error', code: -answer.status, message: `HTTP ${answer.status}`, milliseconds }
    : { state: 'failed', milliseconds }
}

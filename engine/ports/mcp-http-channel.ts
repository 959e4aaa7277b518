import { isRecord } from '@upkeep/domain/is-record'
import { metaKeys } from '@upkeep/domain/mcp-protocol'
import { EventReader } from '@upkeep/domain/sse-event'
import type { McpChannel, Traffic } from './mcp-channel.ts'
import { type McpAnswer, readMessage, writeMessage } from './mcp-message.ts'
import type { Wire, WireAnswer } from './mcp-wire.ts'

const sessionMs = 1_000

/** JSON-RPC over streamable HTTP: one POST for each message, answered as JSON or as an event stream. No stream of the server is opened. */
export class HttpChannel implements McpChannel {
  readonly transport = 'streamable-http'
  readonly overlaps = false
  readonly #wire: Wire
  readonly #url: URL
  #session: string | null = null
  #version: string | null = null
  #lastId = 0

  constructor(url: URL, wire: Wire) {
    this.#url = url
    this.#wire = wire
  }

  get traffic(): Traffic {
    return this.#wire
  }

  async request(method: string, params: object, timeoutMs: number): Promise<McpAnswer> {
    this.#lastId += 1
    const reader = new AnswerReader(this.#lastId)
    const answer = await this.#post(writeMessage(this.#lastId, method, params), envelopeHeaders(method, params), {
      timeoutMs,
      take: (chunk, head) => isOk(head) && reader.take(chunk, head),
    })
    if (answer === null || !isOk(answer)) return { state: 'failed' }
    const session = answer.headers['mcp-session-id']
    if (typeof session === 'string' && session.length <= 1_000) this.#session ??= session
    return reader.answer()
  }

  async notify(method: string): Promise<void> {
    const everything = { timeoutMs: this.#wire.remainingMs, take: () => false }
    await this.#post(writeMessage(null, method, {}), {}, everything)
  }

  speaks(version: string): void {
    this.#version = version
  }

  async end(): Promise<void> {
    if (this.#session === null) return
    const headers = { 'mcp-session-id': this.#session, ...this.#versionHeader() }
    this.#session = null
    await this.#wire.send({ url: this.#url, method: 'DELETE', headers, take: () => false }, sessionMs)
  }

  #post(
    body: string,
    headers: Readonly<Record<string, string>>,
    { timeoutMs, take }: { timeoutMs: number; take(chunk: Buffer, head: WireAnswer): boolean },
  ): Promise<WireAnswer | null> {
    const own = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...this.#versionHeader(),
      ...(this.#session === null ? {} : { 'mcp-session-id': this.#session }),
    }
    return this.#wire.send({ url: this.#url, method: 'POST', headers: { ...own, ...headers }, body, take }, timeoutMs)
  }

  #versionHeader(): Record<string, string> {
    return this.#version === null ? {} : { 'mcp-protocol-version': this.#version }
  }
}

function isOk({ status }: WireAnswer): boolean {
  return status >= 200 && status < 300
}

/** The headers that a message of 2026-07-28 repeats its own words in. */
function envelopeHeaders(method: string, params: object): Record<string, string> {
  const meta = '_meta' in params && isRecord(params._meta) ? params._meta : {}
  const version = meta[metaKeys.version]
  if (typeof version !== 'string') return {}
  const name = method === 'tools/call' && 'name' in params && typeof params.name === 'string' ? params.name : null
  return {
    'mcp-protocol-version': version,
    'mcp-method': method,
    ...(name === null ? {} : { 'mcp-name': headerValue(name) }),
  }
}

/** A name as a header may carry it: anything but plain printable characters goes in base64. */
function headerValue(name: string): string {
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(name) && !name.startsWith('=?base64?')) return name
  return `=?base64?${Buffer.from(name, 'utf8').toString('base64')}?=`
}

/** Picks the answer to one request out of a body. */
class AnswerReader {
  readonly #id: number
  readonly #chunks: Buffer[] = []
  readonly #events = new EventReader()
  readonly #decoder = new TextDecoder()
  #found: McpAnswer | null = null

  constructor(id: number) {
    this.#id = id
  }

  take(chunk: Buffer, { headers }: WireAnswer): boolean {
    if (!(headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream')) {
      this.#chunks.push(chunk)
      return false
    }
    for (const { data } of this.#events.feed(this.#decoder.decode(chunk, { stream: true }))) this.#read(data)
    return this.#found !== null
  }

  answer(): McpAnswer {
    if (this.#chunks.length > 0) this.#read(Buffer.concat(this.#chunks).toString('utf8'))
    return this.#found ?? { state: 'failed' }
  }

  #read(text: string): void {
    const message = readMessage(text)
    if (message?.kind === 'answer' && message.id === this.#id) this.#found ??= message.answer
  }
}

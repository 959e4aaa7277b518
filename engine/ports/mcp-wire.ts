import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Refusal } from '@upkeep/contract'
import { product } from '@upkeep/contract/product'
import type { Traffic } from './mcp-channel.ts'
import { refusalFromNetworkError, refuse } from './network-refusal.ts'

const maxRequests = 400

export const noAnswerInTime = 'no complete answer within the time for looking'

/** One request of a look. `take` is handed the body as it comes and says true when it has all it wants. */
export interface WireRequest {
  url: URL
  method: 'GET' | 'POST' | 'DELETE'
  headers: Readonly<Record<string, string>>
  body?: string
  take(chunk: Buffer, answer: WireAnswer): boolean
}
export interface WireAnswer {
  status: number
  headers: IncomingMessage['headers']
}

/**
 * The wire of one look at a server: every request goes through it. It bounds bytes, requests and time, follows no redirect, keeps one
 * connection open from request to request, and remembers what came back.
 */
export class Wire implements Traffic {
  readonly #headers: Readonly<Record<string, string>>
  readonly #deadline: number
  readonly #timer: NodeJS.Timeout
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) }
  readonly #open = new Set<ClientRequest>()
  #room: number
  #requests = 0
  #stopped = false
  /** Status of the first answer of all, and of the last since `mark()`. */
  firstStatus: number | null = null
  lastStatus: number | null = null
  unauthorized = false
  challenge: string | null = null
  flooded = false
  expired = false
  failure: Refusal | null = null

  constructor(options: { headers: Readonly<Record<string, string>>; maxBytes: number; timeoutMs: number }) {
    this.#headers = { 'user-agent': `${product.name}/${product.version}`, ...options.headers }
    this.#room = options.maxBytes
    this.#deadline = performance.now() + options.timeoutMs
    this.#timer = setTimeout(() => {
      this.expired = true
      this.failure ??= refuse('timed-out', noAnswerInTime)
      this.#stop()
    }, options.timeoutMs)
  }

  get remainingMs(): number {
    return Math.max(1, Math.round(this.#deadline - performance.now()))
  }

  /** Forgets the status and the failure of the attempt before. */
  mark(): void {
    this.lastStatus = null
    if (!this.#stopped) this.failure = null
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stop()
  }

  /** Sends a request and hands its body over as it comes. Null when it did not come about; `failure` says why. */
  send(request: WireRequest, timeoutMs = this.remainingMs): Promise<WireAnswer | null> {
    this.#requests += 1
    if (this.#requests > maxRequests) this.#overflow()
    // Ending the session must still go out when the time for looking is up.
    if (this.#stopped && request.method !== 'DELETE') return Promise.resolve(null)
    const outgoing = this.#start(request)
    if (outgoing === null) return Promise.resolve(null)
    return new Promise((resolve) => this.#converse(request, outgoing, timeoutMs, resolve))
  }

  #converse(
    request: WireRequest,
    outgoing: ClientRequest,
    timeoutMs: number,
    resolve: (answer: WireAnswer | null) => void,
  ): void {
    let settled = false
    const settle = (answer: WireAnswer | null, failure: Refusal | null) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      this.#open.delete(outgoing)
      if (failure !== null && !this.flooded && request.method !== 'DELETE') this.failure ??= failure
      resolve(answer)
    }
    const timer = setTimeout(() => {
      settle(null, refuse('timed-out', noAnswerInTime))
      outgoing.destroy()
    }, timeoutMs)
    this.#open.add(outgoing)
    outgoing.on('error', (error) => settle(null, refusalFromNetworkError(error)))
    outgoing.on('close', () => settle(null, refuse('unreachable', 'the connection was closed before an answer came')))
    outgoing.on('response', (incoming) => this.#receive(request, incoming, settle))
    outgoing.end(request.body)
  }

  #start({ url, method, headers, body }: WireRequest): ClientRequest | null {
    const hostname = url.hostname.replace(/^\[|\]$/g, '')
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const options = {
      hostname,
      port: url.port === '' ? undefined : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method,
      headers: { 'accept-encoding': 'identity', ...this.#headers, ...headers, ...length },
    }
    try {
      if (url.protocol === 'http:') return httpRequest({ ...options, agent: this.#stopped ? false : this.#agents.http })
      const servername = isIP(hostname) === 0 ? hostname : ''
      return httpsRequest({ ...options, servername, agent: this.#stopped ? false : this.#agents.https })
    } catch {
      // Node refuses header values that cannot go over the wire; its message would quote the value.
      this.failure ??= refuse(
        'malformed',
        'the request could not be written: a header has a character that is not allowed',
      )
      return null
    }
  }

  #receive(
    request: WireRequest,
    incoming: IncomingMessage,
    settle: (answer: WireAnswer | null, failure: Refusal | null) => void,
  ): void {
    const answer = { status: incoming.statusCode ?? 0, headers: incoming.headers }
    if (request.method !== 'DELETE') this.#remember(answer)
    let enough = false
    incoming.on('data', (chunk: Buffer) => {
      this.#room -= chunk.length
      if (this.#room < 0) return this.#overflow()
      if (enough || !request.take(chunk, answer)) return
      enough = true
      // A stream that has given its answer mostly ends at once; then its connection serves the next request too.
      setTimeout(() => settle(answer, null), 20)
    })
    incoming.on('end', () => settle(answer, null))
    incoming.on('error', (error) => settle(enough ? answer : null, refusalFromNetworkError(error)))
  }

  #remember({ status, headers }: WireAnswer): void {
    this.firstStatus ??= status
    this.lastStatus = status
    if (status !== 401) return
    this.unauthorized = true
    this.challenge ??= headers['www-authenticate'] ?? null
  }

  #overflow(): void {
    this.flooded = true
    this.#stop()
  }

  #stop(): void {
    this.#stopped = true
    for (const outgoing of this.#open) outgoing.destroy()
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }
}

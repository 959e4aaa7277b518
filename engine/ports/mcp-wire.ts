import type { Refusal } from '@upkeep/contract'
import { refusalFromNetworkError, refuse } from './network-refusal.ts'

const maxRequests = 400

export const noAnswerInTime = 'no complete answer within the time for looking'

/**
 * The wire of one look at a server: every request of the MCP client goes through its `fetch`, which bounds bytes, requests and time and
 * follows no redirect, and it remembers what came back, because the client's own errors quote the server.
 */
export class Wire {
  readonly #maxBytes: number
  readonly #deadline: number
  readonly #stop = new AbortController()
  readonly #timer: NodeJS.Timeout
  #bytes = 0
  #requests = 0
  /** Status of the first answer of all. */
  firstStatus: number | null = null
  /** Statuses since `mark()`. */
  statuses: number[] = []
  unauthorized = false
  challenge: string | null = null
  flooded = false
  expired = false
  failure: Refusal | null = null

  constructor(options: { maxBytes: number; timeoutMs: number }) {
    this.#maxBytes = options.maxBytes
    this.#deadline = performance.now() + options.timeoutMs
    this.#timer = setTimeout(() => {
      this.expired = true
      this.#stop.abort()
    }, options.timeoutMs)
  }

  /** Aborted when time is up or too much came. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  get remainingMs(): number {
    return Math.max(1, Math.round(this.#deadline - performance.now()))
  }

  /** Forgets the statuses and the failure of the attempt before. */
  mark(): void {
    this.statuses = []
    this.failure = null
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stop.abort()
  }

  /** A fetch for the MCP client. `openStreams`: the older transport needs its long GET; the newer one does without, so it is not opened. */
  fetchFor(openStreams: boolean): (url: string | URL, init?: RequestInit) => Promise<Response> {
    return async (url, init) => {
      const headers = new Headers(init?.headers)
      const method = init?.method ?? 'GET'
      if (method === 'GET' && !openStreams && !headers.has('last-event-id')) return new Response(null, { status: 405 })
      return await this.#send(url, { ...init, headers })
    }
  }

  async #send(url: string | URL, init: RequestInit): Promise<Response> {
    this.#requests += 1
    if (this.#requests > maxRequests) this.#overflow()
    // Ending the session must still go out when the time for looking is up.
    const own = init.method === 'DELETE' ? AbortSignal.timeout(1_000) : this.signal
    const signal = init.signal && init.method !== 'DELETE' ? AbortSignal.any([own, init.signal]) : own
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal })
      if (init.method !== 'DELETE') this.#remember(response)
      return this.#bounded(response)
    } catch (error) {
      const outOfTime = this.expired || signal.aborted
      this.failure ??= outOfTime ? refuse('timed-out', noAnswerInTime) : refusalFromNetworkError(error)
      throw error
    }
  }

  #remember(response: Response): void {
    this.firstStatus ??= response.status
    this.statuses.push(response.status)
    if (response.status !== 401) return
    this.unauthorized = true
    this.challenge ??= response.headers.get('www-authenticate')
  }

  #bounded(response: Response): Response {
    if (response.body === null) return response
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        this.#bytes += chunk.byteLength
        if (this.#bytes > this.#maxBytes) return this.#overflow(controller)
        controller.enqueue(chunk)
      },
    })
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(counter), { status, statusText, headers })
  }

  #overflow(controller?: TransformStreamDefaultController): void {
    this.flooded = true
    controller?.error(new Error('more than the bound'))
    this.#stop.abort()
  }
}

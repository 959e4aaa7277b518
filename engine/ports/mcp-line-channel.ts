import type { LineDuplex, Refusal, ToolSurface } from '@upkeep/contract'
import type { McpChannel, Traffic } from './mcp-channel.ts'
import { answerToRequest, type McpAnswer, readMessage, writeMessage } from './mcp-message.ts'
import { refuse } from './network-refusal.ts'

interface Bounds {
  timeoutMs: number
  maxBytes: number
}

/** How many requests of a server are answered; one that asks more gets silence. */
const maxAnswered = 1_000

/** JSON-RPC line by line: a program's standard input and output, or the older HTTP transport made to look like it. */
export class LineChannel implements McpChannel, Traffic {
  readonly transport: ToolSurface['transport']
  readonly overlaps: boolean
  readonly lastStatus = null
  readonly #duplex: LineDuplex
  readonly #waiting = new Map<number, (answer: McpAnswer) => void>()
  readonly #deadline: number
  readonly #timer: NodeJS.Timeout
  #room: number
  #answered = 0
  #lastId = 0
  #closed = false
  flooded = false
  expired = false
  failure: Refusal | null = null

  constructor(duplex: LineDuplex, bounds: Bounds, transport: 'stdio' | 'sse') {
    this.#duplex = duplex
    this.transport = transport
    this.overlaps = transport === 'stdio'
    this.#room = bounds.maxBytes
    this.#deadline = performance.now() + bounds.timeoutMs
    this.#timer = setTimeout(() => {
      this.expired = true
      this.#close()
    }, bounds.timeoutMs)
    void this.#listen()
  }

  get traffic(): Traffic {
    return this
  }

  get remainingMs(): number {
    return Math.max(1, Math.round(this.#deadline - performance.now()))
  }

  request(method: string, params: object, timeoutMs: number): Promise<McpAnswer> {
    if (this.#closed) return Promise.resolve({ state: 'failed' })
    this.#lastId += 1
    const id = this.#lastId
    return new Promise((resolve) => {
      const settle = (answer: McpAnswer) => {
        clearTimeout(timer)
        this.#waiting.delete(id)
        resolve(answer)
      }
      const timer = setTimeout(() => settle({ state: 'failed' }), timeoutMs)
      this.#waiting.set(id, settle)
      if (!this.#duplex.send(writeMessage(id, method, params))) this.#close()
    })
  }

  notify(method: string): Promise<void> {
    if (!this.#closed) this.#duplex.send(writeMessage(null, method, {}))
    return Promise.resolve()
  }

  /** Each message says it for itself, or the handshake has said it. */
  speaks(): void {}

  end(): Promise<void> {
    this.#close()
    return Promise.resolve()
  }

  async #listen(): Promise<void> {
    try {
      for await (const line of this.#duplex.lines()) {
        if (this.#closed) return
        this.#room -= Buffer.byteLength(line) + 1
        if (this.#room < 0) this.flooded = true
        else this.#receive(line)
        if (this.flooded) break
      }
      this.failure ??= refuse('unreachable', 'the program ended before it had answered')
    } catch {
      this.failure ??= refuse('unreachable', 'what the program says can no longer be read')
    } finally {
      this.#close()
    }
  }

  #receive(line: string): void {
    const message = readMessage(line)
    if (message?.kind === 'answer') this.#waiting.get(message.id)?.(message.answer)
    if (message?.kind !== 'request' || this.#answered >= maxAnswered) return
    this.#answered += 1
    this.#duplex.send(answerToRequest(message))
  }

  #close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const settle of [...this.#waiting.values()]) settle({ state: 'failed' })
  }
}

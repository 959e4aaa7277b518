import { hasDataEvent } from '@upkeep/domain/sse-event'

/** Takes the bytes of one answer up to a bound. `take` says true when no more is wanted. */
export class ByteSink {
  readonly #maxBytes: number
  readonly #firstEventOnly: boolean
  readonly #chunks: Buffer[] = []
  #size = 0
  #truncated = false

  constructor(maxBytes: number, firstEventOnly: boolean) {
    this.#maxBytes = maxBytes
    this.#firstEventOnly = firstEventOnly
  }

  take(chunk: Buffer): boolean {
    const room = this.#maxBytes - this.#size
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk
    this.#chunks.push(kept)
    this.#size += kept.length
    this.#truncated = kept.length < chunk.length
    if (this.#truncated) return true
    // An event ends in a line end: looking only then keeps a stream of many small chunks cheap.
    return this.#firstEventOnly && endsLine(chunk) && hasDataEvent(this.#joined())
  }

  text(): { text: string; truncated: boolean } {
    return { text: this.#joined(), truncated: this.#truncated }
  }

  #joined(): string {
    return new TextDecoder().decode(Buffer.concat(this.#chunks))
  }
}

function endsLine(chunk: Buffer): boolean {
  const last = chunk.at(-1)
  return last === 0x0a || last === 0x0d
}

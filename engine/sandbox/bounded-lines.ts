/** Cuts a stream of bytes into lines, and says at once when one is longer than it may be. */
export interface BoundedLines {
  /** False once a line is too long; nothing is taken after that. */
  take(chunk: Buffer): boolean
  /** No more is to come: the rest is a line when there is any. */
  finish(): void
}

export function boundedLines(maxBytes: number, onLine: (line: string) => void): BoundedLines {
  let parts: Buffer[] = []
  let held = 0
  let over = false
  function emit(): void {
    onLine(Buffer.concat(parts).toString('utf8').replace(/\r$/, ''))
    parts = []
    held = 0
  }
  function hold(piece: Buffer): boolean {
    held += piece.length
    if (held > maxBytes) over = true
    else if (piece.length > 0) parts.push(piece)
    return !over
  }
  return {
    take(chunk) {
      let from = 0
      for (let at = chunk.indexOf(10); at !== -1 && !over; at = chunk.indexOf(10, from)) {
        if (hold(chunk.subarray(from, at))) emit()
        from = at + 1
      }
      return !over && hold(chunk.subarray(from))
    },
    finish() {
      if (!over && held > 0) emit()
    },
  }
}

/** Lines that wait for whoever reads them; one reader. */
export interface LineQueue {
  push(line: string): void
  close(): void
  read(): AsyncIterable<string>
}

export function lineQueue(): LineQueue {
  const waiting: string[] = []
  let closed = false
  let wake: (() => void) | null = null
  function changed(): void {
    wake?.()
    wake = null
  }
  async function* read(): AsyncIterable<string> {
    while (true) {
      for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) yield line
      if (closed) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    push: (line) => {
      waiting.push(line)
      changed()
    },
    close: () => {
      closed = true
      changed()
    },
    read,
  }
}

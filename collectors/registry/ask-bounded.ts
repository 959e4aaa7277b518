import type { HttpPort, HttpResponse, Refusal } from '@upkeep/contract'

/** How much asking one round may do. */
export interface AskBounds {
  /** A point in time as `performance.now()` gives it, after which nothing more is asked. */
  until: number
  answerTimeoutMs: number
  signal: { readonly aborted: boolean }
}

/** Asks a registry, and remembers whether it answers at all. */
export interface Asker {
  ask(url: string, options: { maxBytes: number; etag: string | null }): Promise<HttpResponse | Refusal>
}

/** After so many refusals of the network in a row, with no answer between, nothing more is asked. */
const patience = 8
/** With less time than this left nothing is asked: no answer would come. */
const shortestMs = 20

/** Asks within the bounds of the round. A registry that does not answer at all is not asked hundreds of times. */
export function createAsker(http: HttpPort, bounds: AskBounds): Asker {
  let silent = 0
  return {
    async ask(url, { maxBytes, etag }) {
      const left = Math.floor(bounds.until - performance.now())
      if (bounds.signal.aborted || left < shortestMs) return refusal('timed-out', 'time was up')
      if (silent >= patience)
        return refusal('unreachable', 'not asked: the registry did not answer many times in a row')
      const answer = await http.exchange({
        url,
        method: 'GET',
        headers: { accept: 'application/json', ...(etag === null ? {} : { 'if-none-match': etag }) },
        timeoutMs: Math.min(bounds.answerTimeoutMs, left),
        maxBytes,
      })
      silent = answer.state === 'answered' ? 0 : silent + 1
      return answer
    },
  }
}

function refusal(code: Refusal['code'], reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}

/** Does one piece of work for each thing, a few at once, in order. */
export async function aFewAtOnce<T>(
  things: readonly T[],
  atOnce: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const waiting = [...things]
  async function worker(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

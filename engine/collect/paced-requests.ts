import type { HttpPort, Refusal } from '@upkeep/contract'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'

const usualPauseMs = 100
/** On this very machine a request costs no one else anything, and one at a time is slow enough. */
const loopbackPauseMs = 5
const maxTimeouts = 3
const gaveUp: Refusal = {
  state: 'unavailable',
  code: 'timed-out',
  reason: `not sent: ${maxTimeouts} requests in a row had no answer in time`,
}

/** The least time between two requests to an endpoint. */
export function pauseFor(url: string): number {
  return isLoopbackUrl(url) ? loopbackPauseMs : usualPauseMs
}

/**
 * One request at a time, with a pause between two: a probe must never be a load. A server that lets request after request time out is
 * asked no more, so that it cannot hold up the round.
 */
export function paced(http: HttpPort, pauseMs: number, signal: AbortSignal): HttpPort {
  let before: Promise<unknown> = Promise.resolve()
  let timeouts = 0
  let silence: Refusal | null = null
  return {
    exchange(request) {
      const mine = before.then(async () => {
        signal.throwIfAborted()
        if (silence !== null) return silence
        const answer = await http.exchange(request)
        timeouts = answer.state === 'unavailable' && answer.code === 'timed-out' ? timeouts + 1 : 0
        if (timeouts >= maxTimeouts) silence = gaveUp
        return answer
      })
      before = mine.then(
        () => (silence === null ? pause(pauseMs) : undefined),
        () => {},
      )
      return mine
    },
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

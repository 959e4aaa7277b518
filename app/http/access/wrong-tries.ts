const mostAddresses = 10_000
const windowMs = 60_000
const longestDelayMs = 4_000
/** Who mistypes does not wait. */
const freeTries = 3

/** Counts what was wrong, by address, over a minute. What is right is let through however much was wrong before it. */
export interface WrongTries {
  /** True where there were too many. */
  add(address: string): boolean
  /** For how long an address waits for the answer to its next wrong try: longer with each, four seconds at most. */
  delayMs(address: string): number
}

export function wrongTries(most: number, now: () => number = Date.now): WrongTries {
  const tries = new Map<string, { since: number; count: number }>()
  return {
    add(address) {
      const at = now()
      const found = tries.get(address)
      const one = found === undefined || at - found.since >= windowMs ? { since: at, count: 0 } : found
      if (tries.size >= mostAddresses && found === undefined) tries.clear()
      one.count += 1
      tries.set(address, one)
      return one.count > most
    },
    delayMs(address) {
      const found = tries.get(address)
      if (found === undefined || now() - found.since >= windowMs) return 0
      return found.count < freeTries ? 0 : Math.min(longestDelayMs, 125 * 2 ** (found.count - freeTries))
    },
  }
}

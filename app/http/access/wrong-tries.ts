const mostAddresses = 10_000

/** Counts what was wrong, by address, over a minute. What is right is let through however much was wrong before it. */
export interface WrongTries {
  /** True where there were too many. */
  add(address: string): boolean
}

export function wrongTries(most: number, now: () => number = Date.now): WrongTries {
  const tries = new Map<string, { since: number; count: number }>()
  return {
    add(address) {
      const at = now()
      const found = tries.get(address)
      const one = found === undefined || at - found.since >= 60_000 ? { since: at, count: 0 } : found
      if (tries.size >= mostAddresses && found === undefined) tries.clear()
      one.count += 1
      tries.set(address, one)
      return one.count > most
    },
  }
}

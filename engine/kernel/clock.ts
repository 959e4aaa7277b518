import type { ClockKind } from '@upkeep/contract/run'

/** Where the time comes from. `kind` goes into every record made under it. */
export interface Clock {
  /** A moment in UTC with milliseconds, as `Instant`. */
  now(): string
  readonly kind: ClockKind
}

/** A clock that stands where it was put, for tests and rehearsals. Its records say `simulated`, whatever it shows. */
export interface SimulatedClock extends Clock {
  readonly kind: 'simulated'
  set(instant: string): void
  advance(seconds: number): void
}

/** The machine's own clock. */
export const systemClock: Clock = Object.freeze({
  now: () => new Date().toISOString(),
  kind: 'system',
})

/** Makes a clock that moves only when told. There is no other way to time that is not the machine's, and no way to call it `system`. */
export function simulatedClock(start: string): SimulatedClock {
  let milliseconds = readInstant(start)
  return Object.freeze({
    kind: 'simulated',
    now: () => new Date(milliseconds).toISOString(),
    set: (instant: string) => {
      milliseconds = readInstant(instant)
    },
    advance: (seconds: number) => {
      milliseconds += Math.round(seconds * 1_000)
    },
  })
}

function readInstant(instant: string): number {
  const milliseconds = Date.parse(instant)
  if (!Number.isFinite(milliseconds))
    throw new RangeError('a simulated clock takes an instant such as 2026-11-22T09:30:00.000Z')
  return milliseconds
}

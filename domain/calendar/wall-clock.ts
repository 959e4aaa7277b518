/** What the clock on the wall of a zone shows at a moment, to the minute, as if it were UTC. */
export function wallMs(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', ...fields }).formatToParts(ms)
  const [year, month, day, hour, minute] = ['year', 'month', 'day', 'hour', 'minute'].map((type) =>
    Number(parts.find((part) => part.type === type)?.value),
  )
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute)
}

/** The first moment at which that clock shows a time. One that it skips is the moment at which it skips on, or less than a shift later. */
export function momentAt(wall: number, timeZone: string): number {
  const offsetAt = (ms: number) => wallMs(ms, timeZone) - Math.floor(ms / minuteMs) * minuteMs
  // A day on either side lies before and behind any shift.
  const candidates = [offsetAt(wall - dayMs), offsetAt(wall + dayMs)].map((offset) => wall - offset)
  const showing = candidates.filter((ms) => wallMs(ms, timeZone) === wall)
  return Math.min(...(showing.length > 0 ? showing : [Math.max(...candidates)]))
}

const minuteMs = 60_000
const dayMs = 86_400_000
const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const

import { useEffect, useState } from 'react'

const units: readonly [ms: number, one: string, many: string][] = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'h', 'h'],
  [60_000, 'min', 'min'],
]

// Made once: making one takes longer than drawing a row.
const toMinutes = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const toSeconds = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const { timeZone: zone } = toMinutes.resolvedOptions()

/** "3 h ago", "in 14 days". The same words as the terminal's. */
function distance(at: string, now: number): string {
  const gap = Date.parse(at) - now
  const size = Math.abs(gap)
  const [ms, one, many] = units.find(([unit]) => size >= unit) ?? [60_000, 'min', 'min']
  const count = Math.round(size / ms)
  if (size < 60_000) return gap > 0 ? 'in a moment' : 'just now'
  const text = `${count} ${count === 1 ? one : many}`
  return gap > 0 ? `in ${text}` : `${text} ago`
}

/** The time now, again every half minute: distances stay true while a page stands open. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const beat = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(beat)
  }, [])
  return now
}

/** A moment as a distance; the moment itself, with its zone, is its title and stands on paper. */
export function Time({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={`${written(toMinutes, at)} ${zone}`}>
      {distance(at, now)}
    </time>
  )
}

/** A moment by the clock here, where a distance would have to be counted back. Its zone is its title. */
export function Day({ at }: { at: string }) {
  return (
    <time dateTime={at} title={zone}>
      {written(toMinutes, at)}
    </time>
  )
}

/** A moment to the second, by the clock here: for steps that follow one another. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={zone}>
      {written(toSeconds, at)}
    </time>
  )
}

/** What is no moment is shown as it came. */
function written(format: Intl.DateTimeFormat, at: string): string {
  const ms = Date.parse(at)
  return Number.isNaN(ms) ? at : format.format(ms)
}

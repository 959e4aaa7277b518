import type { DeprecationClock } from '@upkeep/contract/observations/requirement-set'

const dayMs = 86_400_000
/** From here on a date is near enough to plan for. */
const nearDays = 90

/** How far a deprecated feature is from its end. */
export interface ClockState {
  words: string
  /** Days until it may be gone; negative when that day is past; null where no day is named. */
  daysLeft: number | null
  near: boolean
}

/** What the clock of a deprecated feature says on a day. */
export function clockState({ feature, since, removableFrom, removal }: DeprecationClock, at: string): ClockState {
  const begins = `${feature}, deprecated since ${since}`
  if (removableFrom === null) return { words: `${begins}, to be removed ${removal}`, daysLeft: null, near: true }
  const daysLeft = Math.ceil((Date.parse(removableFrom) - Date.parse(at.slice(0, 10))) / dayMs)
  const words =
    daysLeft > 0
      ? `${begins}, may be gone from ${removableFrom} on: ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'} left`
      : `${begins}, may be gone with any revision since ${removableFrom}`
  return { words, daysLeft, near: daysLeft <= nearDays }
}

import { whyHostile } from './hostile-text.ts'

/** What of a record is judged before it is believed. */
export interface JudgedRecord {
  /** Texts that may be shown: a summary, a title. */
  shown: readonly string[]
  /** Longer texts that are not kept, and are looked through all the same. */
  details: readonly string[]
  /** When the record says that it was changed, and withdrawn. */
  dates: readonly string[]
}

export interface Hostile {
  reason: string
  until?: string
}

/** A text longer than this is no advisory. */
const maxText = 200_000

/** Why a record is not believed although it can be read; null when nothing speaks against it. */
export function hostileRecord(record: JudgedRecord, latest: string): Hostile | null {
  const ahead = record.dates.find((date) => date > latest)
  if (ahead !== undefined) {
    return { reason: `it is dated ahead of this clock, ${ahead.slice(0, 10)}`, until: ahead.slice(0, 10) }
  }
  for (const text of record.shown) {
    const reason = tooLong(text) ?? whyHostile(text, { markup: true })
    if (reason !== null) return { reason }
  }
  for (const text of record.details) {
    const reason = tooLong(text) ?? whyHostile(text, { markup: false })
    if (reason !== null) return { reason }
  }
  return null
}

function tooLong(text: string): string | null {
  return text.length > maxText ? `a text in it is longer than ${maxText} characters` : null
}

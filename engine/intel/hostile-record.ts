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

/** Texts that come to more than this are no advisory's. */
const maxText = 1_000_000

/** Why a record is not believed although it can be read; null when nothing speaks against it. */
export function hostileRecord(record: JudgedRecord, latest: string): Hostile | null {
  const ahead = record.dates.find((date) => date > latest)
  if (ahead !== undefined) {
    return { reason: `it is dated ahead of this clock, ${ahead.slice(0, 10)}`, until: ahead.slice(0, 10) }
  }
  // Looked through at once: most records have a dozen short texts, and nothing in any of them.
  const [shown, details] = [record.shown.join('\n'), record.details.join('\n')]
  const reason =
    tooLong(shown) ?? whyHostile(shown, { markup: true }) ?? tooLong(details) ?? whyHostile(details, { markup: false })
  return reason === null ? null : { reason }
}

function tooLong(text: string): string | null {
  return text.length > maxText ? `its texts come to more than ${maxText} characters` : null
}

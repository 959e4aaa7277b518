import { Instant } from '@upkeep/contract/time'
import { z } from 'zod'

/** One thing that stands in the calendar. Its `uid` stays the same for as long as it is the same thing. */
export const FeedEvent = z.strictObject({
  uid: z.string().max(400),
  kind: z.enum(['window', 'freeze', 'change', 'due']),
  from: Instant,
  until: Instant,
  title: z.string().max(500),
  detail: z.string().max(2_000),
})
export type FeedEvent = z.infer<typeof FeedEvent>

/** An event as it was last given out: a higher number takes the place of a lower one in every calendar that has it. */
export const FeedEntry = z.strictObject({
  ...FeedEvent.shape,
  sequence: z.int().nonnegative(),
  cancelled: z.boolean(),
  /** When it was last changed. */
  at: Instant,
})
export type FeedEntry = z.infer<typeof FeedEntry>

/**
 * What a calendar is given next, by what it was given before: what changed gets the next number, what was withdrawn is cancelled until its
 * time is over, all else stays as it is.
 */
export function nextFeed(before: readonly FeedEntry[], events: readonly FeedEvent[], now: Instant): FeedEntry[] {
  const earlier = new Map(before.map((entry) => [entry.uid, entry]))
  const wanted = new Map(events.map((event) => [event.uid, event]))
  const current = [...wanted.values()].map((event) => entryFor(event, earlier.get(event.uid), now))
  const withdrawn = before
    .filter(({ uid, until }) => !wanted.has(uid) && until > now)
    .map((entry) => cancelled(entry, now))
  return [...current, ...withdrawn].sort((one, other) => order(one).localeCompare(order(other), 'en'))
}

function entryFor(event: FeedEvent, known: FeedEntry | undefined, now: Instant): FeedEntry {
  if (known === undefined) return { ...event, sequence: 0, cancelled: false, at: now }
  const same = !known.cancelled && shown.every((key) => known[key] === event[key])
  return same ? known : { ...event, sequence: known.sequence + 1, cancelled: false, at: now }
}

const shown = ['from', 'until', 'title', 'detail'] as const

function cancelled(entry: FeedEntry, now: Instant): FeedEntry {
  return entry.cancelled ? entry : { ...entry, sequence: entry.sequence + 1, cancelled: true, at: now }
}

function order({ from, uid }: FeedEntry): string {
  return `${from} ${uid}`
}

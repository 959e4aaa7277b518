import { AdvisoryConflict } from '@upkeep/contract/observations/advisories'
import { ago, dayOf } from '@upkeep/domain/distance'
import { z } from 'zod'
import type { FeedAge } from './report-model.ts'

type Facts = Readonly<Record<string, unknown>>

const Conflicts = z.object({ conflicts: z.array(AdvisoryConflict) })
const Sheet = z.object({ sheet: z.array(z.unknown()) })
const FromFeed = z.object({ advisory: z.string(), feed: z.string() })
/** The forms of feed that say which versions are affected. */
const aboutVersions: readonly FeedAge['form'][] = ['osv', 'csaf']
/** Of a selection nobody says how old it may be: older than this, its age is said. */
const usualDays = 21
const dayMs = 86_400_000

/** Where the sources that a finding or a line of its sheet rests on differ, each with what every one says: all of it text from outside. */
export function conflictsOf(facts: Facts): AdvisoryConflict[] {
  return [facts, ...linesOf(facts)].flatMap((one) => {
    const read = Conflicts.safeParse(one)
    return read.success ? read.data.conflicts : []
  })
}

function linesOf(facts: Facts): unknown[] {
  const read = Sheet.safeParse(facts)
  return read.success ? read.data.sheet : []
}

/**
 * How old the feed is that a finding rests on, or of a sheet the newest feed about versions, where that is long ago; else null. It is worked
 * out as it is shown and stands in no record: what only grew older is no news.
 */
export function ageOfGrounds(facts: Facts, feeds: readonly FeedAge[], at: string): string | null {
  const feed = restsOn(facts, feeds)
  if (feed === undefined) return null
  const { id, newest } = feed
  if (newest === null) return `rests on ${id}, which does not say how old it is`
  const days = (Date.parse(at) - Date.parse(newest)) / dayMs
  if (!(days > (feed.maxAgeDays ?? usualDays))) return null
  return `rests on advice of ${dayOf(newest)} or before, ${ago(newest, at)} (${id}): a later record may overturn it`
}

function restsOn(facts: Facts, feeds: readonly FeedAge[]): FeedAge | undefined {
  const read = FromFeed.safeParse(facts)
  if (read.success) return feeds.find((one) => one.id === read.data.feed)
  if (linesOf(facts).length === 0) return undefined
  const dated = feeds.filter((one) => aboutVersions.includes(one.form))
  return dated.sort((a, b) => ((a.newest ?? '') < (b.newest ?? '') ? 1 : -1))[0]
}

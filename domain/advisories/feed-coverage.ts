import type { Facts } from '@upkeep/contract'
import { knownDistribution } from '../versions/distribution.ts'
import { supportedUntil } from '../versions/supported-until.ts'

type Feed = Facts<'advisories'>['feeds'][number]

/** What silence of the feeds is worth for the ecosystems in question. */
export interface Coverage {
  /** Why it is worth nothing, one line each; empty when every ecosystem has a whole, sound and fresh feed. */
  unknowns: string[]
  /** The feeds whose silence counts. */
  whole: Feed[]
}

const dayMs = 86_400_000
/** Clocks differ; a feed from tomorrow is odd, one from next week is not to be trusted. */
const aheadDays = 2

/** The forms of feed that say which versions are vulnerable; the others say how a vulnerability is used. */
const aboutVersions: readonly Feed['form'][] = ['osv', 'cve', 'csaf', 'unknown']

/** Silence counts only where a feed holds a whole ecosystem, was read without a record rejected, and is fresh. */
export function coverageOf(
  all: readonly Feed[],
  ecosystems: readonly string[],
  { at, maxFeedAgeDays }: { at: string; maxFeedAgeDays: number },
): Coverage {
  const feeds = all.filter((feed) => aboutVersions.includes(feed.form))
  const unknowns = feeds.flatMap((feed) => [...problemsOf(feed), ...pastItsLimit(feed)])
  unknowns.push(...ecosystems.flatMap((ecosystem) => noLongerSupported(ecosystem, at)))
  const whole: Feed[] = []
  for (const ecosystem of ecosystems) {
    const candidates = feeds.filter((feed) => feed.coverage === 'complete' && feed.ecosystems.includes(ecosystem))
    const sound = candidates.find(
      (feed) => problemsOf(feed).length === 0 && !feed.stale && whyStale(feed, at, maxFeedAgeDays) === null,
    )
    if (sound !== undefined) whole.push(sound)
    else if (candidates.length > 0)
      unknowns.push(...candidates.flatMap((feed) => whyStale(feed, at, maxFeedAgeDays) ?? []))
    else unknowns.push(onlySelected(feeds, ecosystem))
  }
  return { unknowns: [...new Set(unknowns)], whole: [...new Set(whole)] }
}

/** What is found after a release's last day is looked for in later ones only: a fresh feed is silent about it all the same. */
function noLongerSupported(ecosystem: string, at: string): string[] {
  const distribution = knownDistribution(ecosystem)
  const until = distribution === null ? null : supportedUntil(distribution)
  if (until === null || at.slice(0, 10) <= until.day) return []
  const when = until.before ? `since before ${until.day}` : `since ${until.day}`
  return [
    `${ecosystem} has had no security updates ${when}: what was found in it after that no feed says; go to an image of a later release`,
  ]
}

/** A feed in a few words: what it is, how much, how new. */
export function describeFeed(feed: Feed): string {
  const newest = feed.newest === null ? '' : `, newest ${feed.newest.slice(0, 10)}`
  return `${feed.source} (${feed.records} ${feed.records === 1 ? 'advisory' : 'advisories'}${newest})`
}

function onlySelected(feeds: readonly Feed[], ecosystem: string): string {
  const consulted = feeds.map(describeFeed).join(' and ')
  return `${ecosystem}: no feed of the whole ecosystem; only ${consulted} was consulted, so silence says nothing`
}

function problemsOf(feed: Feed): string[] {
  const problems = feed.problem === undefined ? [] : [`feed ${feed.id}: ${feed.problem}`]
  const [first] = feed.rejected
  if (first === undefined) return problems
  return [
    ...problems,
    `feed ${feed.id}: ${feed.rejected.length} of its records rejected, first ${first.record}: ${first.reason}`,
  ]
}

/** A limit that the owner set, or that suits the feed's form, counts beside the duty's own. */
function pastItsLimit(feed: Feed): string[] {
  if (!feed.stale) return []
  return [
    `feed ${feed.id}: past its own limit of ${feed.maxAgeDays} days, newest ${feed.newest?.slice(0, 10) ?? 'not known'}`,
  ]
}

function whyStale(feed: Feed, at: string, maxFeedAgeDays: number): string | null {
  const newest = feed.newest === null ? Number.NaN : Date.parse(feed.newest)
  const ageDays = (Date.parse(at) - newest) / dayMs
  if (Number.isNaN(ageDays)) return `feed ${feed.id}: how old it is cannot be told`
  if (ageDays < -aheadDays) return `feed ${feed.id}: its newest record is dated ahead of this run, ${feed.newest}`
  if (ageDays <= maxFeedAgeDays) return null
  return `feed ${feed.id}: its newest record is ${Math.floor(ageDays)} days old, more than ${maxFeedAgeDays}; silence says nothing`
}

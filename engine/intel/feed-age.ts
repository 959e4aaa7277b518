import type { KeptFeed } from './feed-facts.ts'
import type { Feed } from './feed-sink.ts'

/** How old the newest record of a feed may be, where its owner says nothing: in days, by how often its maker writes it. */
const usualDays = { osv: 35, cve: 35, kev: 21, epss: 7, stix: 90 } as const
/** A collection of fewer CVE records was picked by hand: its age is that of its subjects. */
const fewestOfCollection = 1_000
const dayMs = 86_400_000
const aheadDays = 2

/** A feed's facts with what its age is worth at `at`. A selection has no age of its own: its silence says nothing anyway. */
export function withAge(feed: KeptFeed, limit: number | undefined, at: string): Feed {
  const maxAgeDays = limit ?? usualLimit(feed)
  if (maxAgeDays === null) return { ...feed, maxAgeDays, stale: false }
  const days = (Date.parse(at) - Date.parse(feed.newest ?? '')) / dayMs
  return { ...feed, maxAgeDays, stale: Number.isNaN(days) || days > maxAgeDays || days < -aheadDays }
}

function usualLimit({ form, coverage, records }: KeptFeed): number | null {
  if (form === 'osv') return coverage === 'complete' ? usualDays.osv : null
  if (form === 'cve') return records >= fewestOfCollection ? usualDays.cve : null
  return form === 'kev' || form === 'epss' || form === 'stix' ? usualDays[form] : null
}

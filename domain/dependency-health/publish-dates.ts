import type { PublishedVersion } from '@upkeep/contract/observations/registry'

type Version = Pick<PublishedVersion, 'publishedAt'>

const dayMs = 86_400_000
/** A mirror that fetches a package stamps all its versions within minutes; people take longer than this over three. */
const mirroredWithinDays = 3
const fewest = 3

/**
 * When a package was last published, as its registry says. `trusted` is false where the dates look like those of a mirror's own copying:
 * such a date can only be later than the true one, so an old one is still a proof of age, and a young one is a proof of nothing.
 */
export function newestPublication(versions: readonly Version[]): { at: string; trusted: boolean } | null {
  const times = versions.flatMap(({ publishedAt }) => timeOf(publishedAt))
  if (times.length === 0) return null
  const newest = times.reduce((a, b) => Math.max(a, b))
  const oldest = times.reduce((a, b) => Math.min(a, b))
  const spreadDays = (newest - oldest) / dayMs
  const trusted = times.length === versions.length && times.length >= fewest && spreadDays > mirroredWithinDays
  return { at: new Date(newest).toISOString(), trusted }
}

function timeOf(text: string | null): number[] {
  const time = text === null ? Number.NaN : Date.parse(text)
  return Number.isFinite(time) ? [time] : []
}

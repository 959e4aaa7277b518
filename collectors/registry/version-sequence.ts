import { judgeDates } from '@upkeep/domain/versions/published-dates'
import { lineageOrder, type PlacedVersion, placeVersion } from '@upkeep/domain/versions/version-order'

interface Dated {
  version: string
  publishedAt: string | null
}

/**
 * Versions in the order in which they appeared: by their dates, where these can be believed; else by their numbers, each lineage by itself.
 * A registry's own order is none: some list by text.
 */
export function inOrder<V extends Dated>(versions: readonly V[]): { versions: V[]; datesDoubted: string | null } {
  const trust = judgeDates('npm', versions)
  const at = (one: V) => Date.parse(one.publishedAt ?? '')
  if (trust.trusted && versions.every((one) => !Number.isNaN(at(one))))
    return { versions: versions.toSorted((a, b) => at(a) - at(b)), datesDoubted: null }
  const placed = versions.map((one) => ({ one, place: placeVersion('npm', one.version) }))
  const ordered = placed.toSorted((a, b) => byNumber(a.place, b.place)).map(({ one }) => one)
  return { versions: ordered, datesDoubted: trust.trusted ? null : trust.why }
}

const lineages = { numbered: 0, dated: 1 }

/** What cannot be placed stands first, where nothing is later than it by mistake. */
function byNumber(a: PlacedVersion | null, b: PlacedVersion | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  return lineageOrder(a, b) ?? lineages[a.lineage] - lineages[b.lineage]
}

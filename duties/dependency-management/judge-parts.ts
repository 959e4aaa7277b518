import type { Facts } from '@upkeep/contract'
import { newestPublication } from '@upkeep/domain/versions/published-dates'
import { called, decision, namesIn, type Package, type Part } from './part.ts'

type Packument = Facts<'registry'>['packages'][number]

/** A package that is brought along, with what the registry says of it. */
export interface BroughtAlong {
  one: Package
  packument: Packument
}
interface Limits {
  at: string
  abandonedAfterDays: number
  /** Whether this registry passes on deprecations at all. */
  carries: boolean
}

const dayMs = 86_400_000

/** One finding for all packages that are brought along and no longer cared for: nobody deals with them one by one. */
export function judgeParts(parts: readonly BroughtAlong[], limits: Limits, part: Part): void {
  if (parts.length === 0) return
  const deprecated = parts.filter(({ one, packument }) => isDeprecated(one, packument))
  const old = parts.filter(({ packument }) => isOld(packument, limits)).filter((each) => !deprecated.includes(each))
  const undated = parts.filter(({ packument }) => !isDated(packument)).length
  if (!limits.carries)
    part.unknowns.push(`deprecation of ${parts.length} packages that it brings along: unavailable from this registry`)
  if (undated > 0)
    part.unknowns.push(`last publication of ${undated} packages that it brings along: no date that can be believed`)
  if (limits.carries && undated === 0) part.decided.push(decision('abandoned-parts', ''))
  if (deprecated.length + old.length > 0) part.findings.push(abandonedParts(deprecated, old, parts.length, limits))
}

function isDeprecated(one: Package, { versions }: Packument): boolean {
  return versions.some((each) => each.version === one.version && each.deprecated)
}

/** An old date is a proof of age even where a mirror put it there. */
function isOld({ versions }: Packument, { at, abandonedAfterDays }: Limits): boolean {
  const newest = newestPublication(versions)
  return newest !== null && Date.parse(at) - Date.parse(newest.at) > abandonedAfterDays * dayMs
}

function isDated({ versions, datesDoubted }: Packument): boolean {
  return datesDoubted === undefined && versions.every((one) => one.publishedAt !== null)
}

function abandonedParts(
  deprecated: readonly BroughtAlong[],
  old: readonly BroughtAlong[],
  all: number,
  { abandonedAfterDays }: Limits,
): Part['findings'][number] {
  const names = (these: readonly BroughtAlong[]) => namesIn(these.map(({ one }) => called(one)))
  const said = [
    ...(deprecated.length > 0 ? [`${deprecated.length} are marked as deprecated by their makers`] : []),
    ...(old.length > 0 ? [`of ${old.length} no version was published for ${abandonedAfterDays} days`] : []),
  ]
  return {
    rule: 'abandoned-parts',
    facts: { deprecated: names(deprecated), old: names(old), count: deprecated.length + old.length, all },
    summary: `of ${all} packages that it brings along, ${said.join(', and ')} (${names([...deprecated, ...old])[0]})`,
    action:
      'Ask its maker to replace them, the deprecated ones first; or look for a server that does the same with less.',
  }
}

import { type AffectedVersions, fixesNamed } from './judge-version.ts'
import { type Ecosystem, lineageOrder, type PlacedVersion, placeVersion } from './version-order.ts'

interface NamesFixes {
  affected: readonly AffectedVersions[]
}

/** The versions that an advisory names as fixed and that its ecosystem can place. */
export function named(ecosystem: Ecosystem, advisory: NamesFixes): string[] {
  return fixesNamed(advisory.affected).filter((fix) => placeVersion(ecosystem, fix) !== null)
}

/** Whether a version is at or after one that some advisory names as fixed in that version's own lineage. */
export function fixedInReach(version: PlacedVersion, advisories: readonly NamesFixes[]): boolean {
  return advisories.some((advisory) =>
    named(version.ecosystem, advisory).some((fix) => {
      const placed = placeVersion(version.ecosystem, fix)
      return placed !== null && (lineageOrder(version, placed) ?? -1) >= 0
    }),
  )
}

import type { AffectedServer } from '@upkeep/contract/emergency'
import type { FleetHistory } from '@upkeep/contract/observations/fleet-history'

const most = 5_000

/**
 * Which servers have or had a package that a finding speaks of, now and before. Packages are known by their name standing in the facts as a
 * whole value; every version is named, since which of them are meant is not for haste to decide.
 */
export function affectedByPackages(history: FleetHistory, facts: unknown): AffectedServer[] {
  const words = new Set(textsIn(facts))
  return history.packages
    .filter(({ name }) => words.has(name))
    .flatMap(({ ecosystem, name, version, sights }) =>
      sights.map((sight) => ({
        server: sight.server.id,
        name: sight.server.name.slice(0, 300),
        part: `${ecosystem} ${name}${version === null ? ', version not known' : ` ${version}`}`.slice(0, 500),
        since: sight.firstSeenAt,
        until: sight.lastSeenAt,
      })),
    )
    .slice(0, most)
}

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

import type { AffectedServer } from '@upkeep/contract/emergency'
import type { StatedFinding } from '@upkeep/contract/finding'
import type { FleetHistory } from '@upkeep/contract/observations/fleet-history'
import { z } from 'zod'

const most = 5_000

/** A finding that says which versions of a package a hole is in, of those that ever were here. */
const Named = z.looseObject({
  advisory: z.string(),
  aliases: z.array(z.string()),
  ecosystem: z.string(),
  package: z.string(),
  versions: z.array(z.string()),
})

/**
 * Which servers have or had a package that a finding speaks of, now and before. Packages are known by their name standing in the facts as a
 * whole value. Where another open finding says of the same hole which versions have it, only those are meant; else every version is named,
 * since which of them are meant is not for haste to decide.
 */
export function affectedByPackages(
  history: FleetHistory,
  { facts }: Pick<StatedFinding, 'facts'>,
  open: readonly Pick<StatedFinding, 'facts'>[] = [],
): AffectedServer[] {
  const words = new Set(textsIn(facts))
  const named = open.flatMap((one) => {
    const read = Named.safeParse(one.facts)
    const isSame = read.success && [read.data.advisory, ...read.data.aliases].some((name) => words.has(name))
    return isSame && words.has(read.data.package) ? [read.data] : []
  })
  return history.packages
    .filter((one) => words.has(one.name) && isMeant(one, named))
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

/** A version that nobody knows may be any. */
function isMeant(
  { ecosystem, name, version }: FleetHistory['packages'][number],
  named: readonly z.infer<typeof Named>[],
): boolean {
  const ofPackage = named.filter((one) => one.package === name && one.ecosystem === ecosystem)
  return ofPackage.length === 0 || version === null || ofPackage.some(({ versions }) => versions.includes(version))
}

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

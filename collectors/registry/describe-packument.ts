import type { Packument, PublishedVersion } from '@upkeep/contract/observations/registry'
import { checkSignature } from './check-signature.ts'
import type { StatedPackument, StatedVersion } from './packument.ts'
import type { RegistryKey } from './registry-keys.ts'

/** Which versions of a package matter: those installed, and whether an entry starts it by name. */
export interface WantedPackage {
  name: string
  direct: boolean
  versions: readonly string[]
}

/** What is known beyond the answer itself. */
export interface AnswerContext {
  keys: readonly RegistryKey[]
  keptSince: string | null
}

/** The packument as it is observed: the versions that matter, and the signatures of those that run or could be gone to. */
export function describePackument(stated: StatedPackument, wanted: WantedPackage, context: AnswerContext): Packument {
  const chosen = chosenVersions(stated, wanted)
  const checked = versionsToCheck(chosen, wanted)
  return {
    name: stated.name,
    state: 'listed',
    distTags: wanted.direct ? stated.distTags : latestOf(stated.distTags),
    versions: chosen.map((one) => describeVersion(stated, one, checked.has(one) ? context.keys : null)),
    ...(stated.datesDoubted === null ? {} : { datesDoubted: stated.datesDoubted }),
    ...(context.keptSince === null ? {} : { keptSince: context.keptSince }),
    ...maintainersOf(stated, chosen),
  }
}

/** Beyond these a package that is brought along has no versions that anybody would go to one by one. */
const maxBroughtAlong = 300

/** All versions of a package that an entry starts; of another one those installed, the one before them, and what came after. */
function chosenVersions({ versions }: StatedPackument, wanted: WantedPackage): readonly StatedVersion[] {
  if (wanted.direct) return versions
  const installed = new Set(wanted.versions)
  const first = versions.findIndex((one) => installed.has(one.version))
  const from = first === -1 ? versions.length - 1 : Math.max(0, first - 1)
  const newest = versions.length - maxBroughtAlong
  return versions.filter(
    (one, index) => installed.has(one.version) || index === from || (index > from && index >= newest),
  )
}

/**
 * Checking costs time, so only what counts is checked: what is installed, and what came after it where an entry names the package, so that one
 * could go there.
 */
function versionsToCheck(chosen: readonly StatedVersion[], { direct, versions }: WantedPackage): Set<StatedVersion> {
  const first = chosen.findIndex((one) => versions.includes(one.version))
  return new Set(chosen.filter((one, index) => versions.includes(one.version) || (direct && index > first)))
}

function latestOf({ latest }: Record<string, string>): Record<string, string> {
  return latest === undefined ? {} : { latest }
}

function describeVersion(
  { name, datesDoubted }: StatedPackument,
  one: StatedVersion,
  keys: readonly RegistryKey[] | null,
): PublishedVersion {
  const { signatures, maintainers: _, ...rest } = one
  const { version, integrity } = one
  if (signatures === undefined) return rest
  if (signatures.length === 0) return { ...rest, signed: false }
  if (keys === null) return { ...rest, signed: true }
  const publishedAt = datesDoubted === null ? one.publishedAt : null
  return {
    ...rest,
    signed: true,
    signature: checkSignature({ name, version, integrity, publishedAt }, signatures, keys),
  }
}

const maxChanges = 1_000

/** Who may publish, now and at each of the versions where that changed; left out unless the registry says who does now. */
function maintainersOf(
  { maintainers, people }: StatedPackument,
  versions: readonly StatedVersion[],
): Pick<Packument, 'maintainers'> {
  if (maintainers.length === 0) return {}
  const since: { from: string; names: string[] }[] = []
  for (const { version, maintainers: number } of versions) {
    const names = number === undefined ? [] : (people[number] ?? [])
    if (names.join() !== since.at(-1)?.names.join()) since.push({ from: version, names })
  }
  return { maintainers: { now: maintainers, since: since.slice(0, maxChanges) } }
}

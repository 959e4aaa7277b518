import type { Packument } from '@upkeep/contract/observations/registry'

/** Who maintained a package at one version, and who does now; null where the registry does not say. */
export function maintainersAt(
  packument: Pick<Packument, 'versions' | 'maintainers'>,
  version: string,
): { former: readonly string[]; present: readonly string[] } | null {
  const { maintainers, versions } = packument
  if (maintainers === undefined || maintainers.now.length === 0) return null
  const order = new Map(versions.map((one, index) => [one.version, index]))
  const place = order.get(version)
  if (place === undefined) return null
  const upTo = maintainers.since.filter(({ from }) => (order.get(from) ?? Number.POSITIVE_INFINITY) <= place)
  const former = upTo.at(-1)?.names
  return former === undefined || former.length === 0 ? null : { former, present: maintainers.now }
}

/** The moment at which a package changed hands: who could publish before it and from it on. */
export interface Handover {
  previous: string
  version: string
  publishedAt: string | null
  former: readonly string[]
  present: readonly string[]
}

type Listed = Pick<Packument, 'versions' | 'maintainers'>

/** The last time, up to a version, when everybody who could publish was replaced at once; null where that never happened. */
export function lastHandover({ versions, maintainers }: Listed, version: string): Handover | null {
  const order = versions.map((one) => one.version)
  const place = order.indexOf(version)
  // A list that nobody is on says nothing: it stands for a version of which the registry does not tell.
  const steps = (maintainers?.since ?? []).filter((one) => one.names.length > 0)
  const handovers = steps.flatMap((one, index): Handover[] => {
    const former = steps[index - 1]?.names
    const at = order.indexOf(one.from)
    const previous = order[at - 1]
    if (former === undefined || previous === undefined || at > place) return []
    if (former.some((name) => one.names.includes(name))) return []
    return [{ previous, version: one.from, publishedAt: publishedAt(versions, at), former, present: one.names }]
  })
  return handovers.at(-1) ?? null
}

/**
 * Whether a version was published by an account that could not publish before and had never published: a first time, with who could. Null
 * where it was not, or where the registry does not say enough.
 */
export function firstTimePublisher({ versions, maintainers }: Listed, version: string): Handover | null {
  const place = versions.findIndex((one) => one.version === version)
  const publisher = versions[place]?.publisher
  const previous = versions[place - 1]?.version
  if (publisher === undefined || previous === undefined) return null
  const before = maintainersAt({ versions, maintainers }, previous)?.former ?? []
  const published = versions.slice(0, place).flatMap((one) => one.publisher ?? [])
  const former = [...new Set([...before, ...published])].sort()
  if (before.length === 0 || published.length === 0 || former.includes(publisher)) return null
  return { previous, version, publishedAt: publishedAt(versions, place), former, present: [publisher] }
}

function publishedAt(versions: Listed['versions'], place: number): string | null {
  return versions[place]?.publishedAt ?? null
}

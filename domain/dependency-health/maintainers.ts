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

import type { AnyCollector, ObservationKind } from '@upkeep/contract'

/**
 * The collectors that a set of kinds takes, each after those whose observations it builds on. Servers are always looked for: they are
 * the subjects.
 *
 * @throws Error when collectors wait for each other in a circle: a defect of the catalogue.
 */
export function orderCollectors(
  collectors: readonly AnyCollector[],
  kinds: ReadonlySet<ObservationKind>,
): AnyCollector[] {
  const ordered: AnyCollector[] = []
  const underWay = new Set<string>()

  function place(collector: AnyCollector): void {
    if (ordered.includes(collector)) return
    if (underWay.has(collector.id))
      throw new Error(`collectors wait for each other: ${[...underWay, collector.id].join(' -> ')}`)
    underWay.add(collector.id)
    for (const kind of collector.after) for (const earlier of seeing(collectors, kind)) place(earlier)
    underWay.delete(collector.id)
    ordered.push(collector)
  }

  for (const kind of ['client-config', 'declared-server', ...kinds] as const) {
    for (const collector of seeing(collectors, kind)) place(collector)
  }
  return ordered
}

function seeing(collectors: readonly AnyCollector[], kind: ObservationKind): AnyCollector[] {
  return collectors.filter((collector) => collector.sees.includes(kind))
}

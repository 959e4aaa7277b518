import type { AnyCollector, CollectFor, Observation } from '@upkeep/contract'

/** What a round has seen so far, found by place and by subject, so that a fleet of thousands costs no more per server than one of five. */
export interface Sightings {
  add(place: string | null, observations: readonly Observation[]): void
  all(): Observation[]
  /** Servers that are declared, each with its place. */
  servers(): { place: string; observation: Observation<'declared-server'> }[]
  /** What a collector that comes after others may see of whom its call is for. */
  prior(collector: AnyCollector, target: CollectFor): Record<string, Observation[]>
}

export function createSightings(): Sightings {
  const all: Observation[] = []
  const byPlace = new Map<string, Observation[]>()
  const bySubject = new Map<string, Observation[]>()
  const servers: { place: string; observation: Observation<'declared-server'> }[] = []

  function add(place: string | null, observations: readonly Observation[]): void {
    for (const observation of observations) {
      all.push(observation)
      append(bySubject, observation.subject.id, observation)
      if (place === null) continue
      append(byPlace, place, observation)
      if (observation.kind === 'declared-server') servers.push({ place, observation })
    }
  }

  function concerning(target: CollectFor): readonly Observation[] {
    if (target.per === 'fleet') return all
    return (target.per === 'place' ? byPlace.get(target.place.id) : bySubject.get(target.subject.id)) ?? []
  }

  function prior(collector: AnyCollector, target: CollectFor): Record<string, Observation[]> {
    const found: Record<string, Observation[]> = {}
    for (const kind of collector.after) found[kind] = []
    if (collector.after.length > 0)
      for (const observation of concerning(target)) found[observation.kind]?.push(observation)
    return found
  }

  return { add, all: () => all, servers: () => servers, prior }
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

import type { Observation, ObservationKind } from '@upkeep/contract'

/** What was seen, found by kind and subject. The last observation of a kind about a subject counts. */
export interface ObservationIndex {
  readonly byKind: ReadonlyMap<ObservationKind, ReadonlyMap<string, Observation>>
}

/** Builds the index once from everything that a round collected. */
export function indexObservations(observations: Iterable<Observation>): ObservationIndex {
  const byKind = new Map<ObservationKind, Map<string, Observation>>()
  for (const observation of observations) {
    let bySubject = byKind.get(observation.kind)
    if (bySubject === undefined) {
      bySubject = new Map()
      byKind.set(observation.kind, bySubject)
    }
    bySubject.set(observation.subject.id, observation)
  }
  return { byKind }
}

/** All observations of one kind, in the order in which they were made. */
export function ofKind<Kind extends ObservationKind>(index: ObservationIndex, kind: Kind): Observation<Kind>[] {
  const found: Observation<Kind>[] = []
  for (const observation of index.byKind.get(kind)?.values() ?? []) {
    if (isOfKind(observation, kind)) found.push(observation)
  }
  return found
}

/** The observation of one kind about one subject. */
export function about<Kind extends ObservationKind>(
  index: ObservationIndex,
  kind: Kind,
  subjectId: string,
): Observation<Kind> | undefined {
  const observation = index.byKind.get(kind)?.get(subjectId)
  return observation !== undefined && isOfKind(observation, kind) ? observation : undefined
}

/** Narrows an observation to a kind. */
export function isOfKind<Kind extends ObservationKind>(
  observation: Observation,
  kind: Kind,
): observation is Observation<Kind> {
  return observation.kind === kind
}

import { type AnyCollector, type Observation, observationKinds, unavailableOf } from '@upkeep/contract'

/**
 * What a collector returned, checked against the kinds it declares. An observation of another shape is not believed: it becomes
 * unavailable, and says which field is wrong, never what stood there.
 */
export function conform(collector: AnyCollector, observations: readonly Observation[]): Observation[] {
  return observations.map((observation) => checked(collector, observation))
}

function checked(collector: AnyCollector, observation: Observation): Observation {
  const { kind, subject } = observation
  if (!collector.sees.includes(kind))
    return refused(observation, `${collector.title}: returned a kind that it does not declare (${kind})`)
  if (observation.state !== 'seen') return observation
  const parsed = observationKinds[kind].facts.safeParse(observation.facts)
  if (parsed.success) return observation
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  return refused(
    { kind, subject },
    `${collector.title}: its facts are not of the declared shape (at ${where.slice(0, 80)})`,
  )
}

function refused(of: Pick<Observation, 'kind' | 'subject'>, reason: string): Observation {
  return unavailableOf(of.kind, of.subject, 'collector-failed', reason)
}

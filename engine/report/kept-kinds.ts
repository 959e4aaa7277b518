import type { AnyDuty } from '@upkeep/contract/duty'
import type { ObservationKind } from '@upkeep/contract/observation'

/** The kinds that a run of the duty keeps: what it needs, and for servers also the files and entries that say whom it is about. */
export function keptKinds(duty: Pick<AnyDuty, 'needs' | 'scope'>): ObservationKind[] {
  const kinds = new Set(Object.values(duty.needs).map((need) => need.kind))
  if (duty.scope === 'server') for (const kind of ['client-config', 'declared-server'] as const) kinds.add(kind)
  return [...kinds]
}

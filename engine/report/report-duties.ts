import type { AnyDuty } from '@upkeep/contract/duty'
import type { ObservationKind } from '@upkeep/contract/observation'
import type { Cadence } from '@upkeep/contract/time'
import type { ReportDuty } from './report-model.ts'

/** What this installation decided about one duty. */
export interface Adoption {
  adopted: boolean
  cadence: Cadence
}

/** The installed duties as a report names them. */
export function reportDuties(duties: readonly AnyDuty[], adoptionOf: (duty: AnyDuty) => Adoption): ReportDuty[] {
  return duties.map((duty) => ({
    id: duty.id,
    title: duty.title,
    heading: duty.heading,
    summary: duty.summary,
    adoptedBy: duty.adoptedBy,
    sees: seenBy(duty),
    rules: Object.entries(duty.rules).map(([id, { version, title, severity, help }]) => ({
      id,
      version,
      title,
      severity,
      help,
    })),
    ...adoptionOf(duty),
  }))
}

/** The kinds that a run of the duty keeps: what it needs, and for servers also the files that say whom it is about. */
function seenBy(duty: AnyDuty): ObservationKind[] {
  const kinds = new Set(Object.values(duty.needs).map((need) => need.kind))
  if (duty.scope === 'server') for (const kind of ['client-config', 'declared-server'] as const) kinds.add(kind)
  return [...kinds]
}

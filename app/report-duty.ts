import { keptKinds } from '@upkeep/engine/report/kept-kinds'
import type { ReportDuty } from '@upkeep/engine/report/report-model'
import type { AdoptedDuty } from './adoption.ts'

/** An adopted duty as reports name it. */
export function reportDuty({ duty, adopted, cadence }: AdoptedDuty): ReportDuty {
  return {
    id: duty.id,
    title: duty.title,
    heading: duty.heading,
    summary: duty.summary,
    cadence,
    adopted,
    adoptedBy: duty.adoptedBy,
    sees: keptKinds(duty),
    rules: Object.entries(duty.rules).map(([id, { version, title, severity, help }]) => ({
      id,
      version,
      title,
      severity,
      help,
    })),
  }
}

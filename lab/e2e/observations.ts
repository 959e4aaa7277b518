import { type ObservationKind, ObservationManifest, type Subject } from '@upkeep/contract'
import { z } from 'zod'
import type { Installation } from './installation.ts'
import { storedObject, storedRuns } from './state-database.ts'

const StoredObservation = z.object({ state: z.string(), facts: z.unknown().optional() })

/** The facts of one kind that the newest runs saw, each subject once, read from the stored objects. */
export function seenFacts<Facts>(
  installation: Installation,
  kind: ObservationKind,
  schema: z.ZodType<Facts>,
): { subject: Subject; facts: Facts }[] {
  const newest = new Map(storedRuns(installation).map((run) => [run.duty, run]))
  const byId = new Map<string, { subject: Subject; facts: Facts }>()
  for (const run of newest.values()) {
    if (run.observations === null) continue
    const manifest = ObservationManifest.parse(storedObject(installation, run.observations))
    for (const { subject, observation } of manifest.filter((entry) => entry.kind === kind)) {
      const stored = StoredObservation.parse(storedObject(installation, observation))
      if (stored.state === 'seen') byId.set(subject.id, { subject, facts: schema.parse(stored.facts) })
    }
  }
  return [...byId.values()]
}

import { ObservationManifest, type Run } from '@upkeep/contract/run'
import { Verdict } from '@upkeep/contract/verdict'
import { z } from 'zod'
import { StoredObservation } from '../store/stored-observations.ts'
import type { ReportSource } from './source.ts'

export type ManifestEntry = ObservationManifest[number]

/** What a run saw of whom, by digest. Empty for a run that saw nothing. */
export async function readManifest(source: ReportSource, run: Run): Promise<ObservationManifest> {
  const text = run.observations === null ? null : await source.objects.get(run.observations)
  return text === null ? [] : ObservationManifest.parse(JSON.parse(text))
}

/** What a run concluded, one verdict per subject. */
export async function readVerdicts(source: ReportSource, run: Run): Promise<Verdict[]> {
  const text = run.verdicts === null ? null : await source.objects.get(run.verdicts)
  return text === null ? [] : z.array(Verdict).parse(JSON.parse(text))
}

/** The observations themselves. One whose bytes are missing is left out: `verify` names it, a report cannot show it. */
export async function readObservations(
  source: ReportSource,
  entries: readonly ManifestEntry[],
): Promise<StoredObservation[]> {
  const texts = await source.objects.getMany([...new Set(entries.map((entry) => entry.observation))])
  return [...texts.values()].flatMap((text) => {
    const parsed = StoredObservation.safeParse(JSON.parse(text))
    return parsed.success ? [parsed.data] : []
  })
}

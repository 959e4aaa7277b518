import { Verdict } from '@upkeep/contract'
import { z } from 'zod'
import type { Installation } from './installation.ts'
import { storedObject, storedRuns } from './state-database.ts'

/** Every verdict of every completed run, with its duty, read from the stored records. */
export function storedVerdicts(installation: Installation): (Verdict & { duty: string })[] {
  return storedRuns(installation).flatMap((run) => {
    if (run.outcome !== 'completed' || run.verdicts === null) return []
    const verdicts = z.array(Verdict).parse(storedObject(installation, run.verdicts))
    return verdicts.map((verdict) => ({ ...verdict, duty: run.duty }))
  })
}

/** Whether a verdict says why it is what it is. */
export function hasReason(verdict: Verdict): boolean {
  const reasons = {
    pass: verdict.passes.length > 0,
    fail: verdict.findings.length > 0,
    unknown: verdict.unknowns.length > 0,
    'not-applicable': (verdict.notApplicable ?? '').length > 0,
  }
  return reasons[verdict.verdict]
}

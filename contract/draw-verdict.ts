import type { AnyAssessment, Needs } from './duty.ts'
import type { VerdictWord } from './verdict.ts'

/** All that drawing a verdict needs to know of a need. */
interface SeenState {
  state: 'seen' | 'absent' | 'unavailable'
  reason?: string
}

/** A required need that could not be looked at, in one line: what, why. */
export function missingNeeds(needs: Needs, seen: Readonly<Record<string, SeenState>>): string[] {
  const missing: string[] = []
  for (const [name, need] of Object.entries(needs)) {
    const what = seen[name]
    if (!need.required || what?.state !== 'unavailable') continue
    missing.push(`${what.reason} (${need.kind})`)
  }
  return missing
}

/**
 * The one place where a verdict is drawn: a finding fails; else anything that could not be judged is unknown; else a duty that does not
 * apply says so; else it passes, and only with at least one thing that was shown to be right.
 */
export function drawVerdict(
  assessment: Pick<AnyAssessment, 'passes' | 'notApplicable'> & { findings: readonly unknown[] },
  unknowns: readonly string[],
): VerdictWord {
  if (assessment.findings.length > 0) return 'fail'
  if (unknowns.length > 0) return 'unknown'
  if (assessment.notApplicable !== undefined) return 'not-applicable'
  return assessment.passes.length > 0 ? 'pass' : 'unknown'
}

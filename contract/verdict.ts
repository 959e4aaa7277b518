import { z } from 'zod'
import { Subject } from './subject.ts'

/** `unknown` is red: whatever could not be looked at never reads as green. Only `pass` is green. */
export const VerdictWord = z.enum(['pass', 'fail', 'unknown', 'not-applicable'])
export type VerdictWord = z.infer<typeof VerdictWord>

/** What one duty concludes about one subject, with every reason. */
export const Verdict = z.strictObject({
  subject: Subject,
  verdict: VerdictWord,
  /** Fingerprints of the findings behind a `fail`. */
  findings: z.array(z.string()),
  /** What could not be judged, and why. Present beside a `fail` too. */
  unknowns: z.array(z.string()),
  /** What was shown to be right: a `pass` has at least one. */
  passes: z.array(z.string()),
  notApplicable: z.string().nullable(),
  /** What this duty would look at and cannot yet. */
  notCovered: z.array(z.string()),
})
export type Verdict = z.infer<typeof Verdict>

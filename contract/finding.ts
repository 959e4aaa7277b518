import { z } from 'zod'
import { ChangeInput } from './change.ts'
import { Due } from './due.ts'
import { Signer } from './person.ts'
import { Subject } from './subject.ts'
import { Instant } from './time.ts'

export const Severity = z.enum(['critical', 'high', 'medium', 'low'])
export type Severity = z.infer<typeof Severity>

/** A suggested act that would close a finding. */
export const Proposal = z.strictObject({ change: ChangeInput, why: z.string(), limits: z.array(z.string()) })
export type Proposal = z.infer<typeof Proposal>

/** One thing wrong, as one assessment states it. `fingerprint` is the same whenever the same thing is wrong again. */
export const StatedFinding = z.strictObject({
  fingerprint: z.string(),
  duty: z.string(),
  rule: z.string(),
  ruleVersion: z.int().positive(),
  subject: Subject,
  severity: Severity,
  title: z.string(),
  /** What was seen and why it matters here: one line. */
  summary: z.string(),
  /** What to do: one line that a person can act on. */
  action: z.string(),
  facts: z.record(z.string(), z.unknown()),
  proposals: z.array(Proposal),
  /** Left out where no rule says by when. */
  due: Due.optional(),
})
export type StatedFinding = z.infer<typeof StatedFinding>

/** A step in a finding's life. A new record is written only when the state or what is stated changes. */
export const Finding = z.strictObject({
  id: z.string(),
  at: Instant,
  run: z.string(),
  state: z.enum(['open', 'resolved', 'reopened']),
  firstSeenAt: Instant,
  statement: StatedFinding,
})
export type Finding = z.infer<typeof Finding>

/** A dated, owned decision to live with a finding until a day. */
export const Acceptance = z.strictObject({
  id: z.string(),
  at: Instant,
  fingerprint: z.string(),
  reason: z.string().min(1).max(2_000),
  until: Instant,
  /** An acceptance that ends another before its day. */
  withdraws: z.string().nullable(),
  /** Where it was signed: the fingerprints that one signature is about, sorted. */
  together: z.array(z.string()).optional(),
  signer: Signer,
})
export type Acceptance = z.infer<typeof Acceptance>

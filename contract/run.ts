import { z } from 'zod'
import { Subject } from './subject.ts'
import { Instant } from './time.ts'

/** SHA-256 of a canonical form, lower-case hex. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/)

/** Where the clock came from. Every record made under a simulated clock says so. */
export const ClockKind = z.enum(['system', 'simulated'])
export type ClockKind = z.infer<typeof ClockKind>

/**
 * One execution of one duty. What it saw (`observations`) and what it concluded (`verdicts`) are objects, named by the SHA-256 of
 * their canonical form, so that an unchanged fleet costs one small record.
 */
export const Run = z.strictObject({
  id: z.string(),
  round: z.string(),
  duty: z.string(),
  dutyVersion: z.int().positive(),
  cadence: z.string(),
  /** Why it ran now: it was due, it was asked for, or it catches up on missed periods. */
  reason: z.enum(['due', 'asked', 'catch-up']),
  /** `interrupted`: it began and never ended; it counts for nothing. `missed`: its periods passed without a run. */
  outcome: z.enum(['completed', 'failed', 'interrupted', 'missed']),
  /** For `missed`: how many whole periods; else 0. */
  missedPeriods: z.int().nonnegative(),
  detail: z.string(),
  startedAt: Instant,
  endedAt: Instant,
  clock: ClockKind,
  practice: z.boolean(),
  /** Collector and probe versions, by id. */
  collectors: z.record(z.string(), z.int()),
  params: z.record(z.string(), z.unknown()),
  observations: Digest.nullable(),
  verdicts: Digest.nullable(),
  counts: z.strictObject({
    pass: z.int(),
    fail: z.int(),
    unknown: z.int(),
    notApplicable: z.int(),
    opened: z.int(),
    resolved: z.int(),
  }),
})
export type Run = z.infer<typeof Run>

/** The object behind `Run.observations`: what was seen of whom, by digest, sorted by kind and subject. */
export const ObservationManifest = z.array(z.strictObject({ kind: z.string(), subject: Subject, observation: Digest }))
export type ObservationManifest = z.infer<typeof ObservationManifest>

import { z } from 'zod'
import { AskedApprovals } from './approval-policy.ts'
import { ChangePlan } from './change-plan.ts'
import { AffectedServer, CapturedEvidence, EmergencyTrigger } from './emergency.ts'
import { Signer } from './person.ts'
import { Digest } from './run.ts'
import { Instant } from './time.ts'

/** What a change may take: how bad it can be, and what has to be there before it may be made. */
export const ChangeAssessment = z.strictObject({
  risk: z.enum(['low', 'medium', 'high']),
  why: z.array(z.string().max(1_000)).max(100),
  /** Object that holds the impact sheet, where one was drawn. */
  sheet: Digest.nullable(),
})
export type ChangeAssessment = z.infer<typeof ChangeAssessment>

/** One test of a change, run before anybody is asked. `not-run` says why in `detail`; it never counts as passed. */
export const ChangeTest = z.strictObject({
  name: z.string().max(200),
  outcome: z.enum(['passed', 'failed', 'not-run']),
  detail: z.string().max(2_000),
  /** Ids of the probes that it showed to hold: they have to hold afterwards too. Left out where it is about something else. */
  held: z.array(z.string().max(200)).max(200).optional(),
})
export type ChangeTest = z.infer<typeof ChangeTest>

/** A person's decision about one exact plan. `digest` is the plan's; for any other plan it means nothing. */
export const Approval = z.strictObject({
  digest: Digest,
  decision: z.enum(['approved', 'refused']),
  role: z.string().max(40),
  /** Whose right it is, where that person delegated it to the signer; left out, the signer's own. */
  onBehalfOf: z.string().max(100).optional(),
  reason: z.string().max(2_000).nullable(),
  /** Failed tests that it is given in spite of, by their names, with `reason`. Counts for them only where the signer showed that they were there. */
  waives: z.array(z.string().max(200)).max(50).optional(),
  until: Instant,
  signer: Signer,
})
export type Approval = z.infer<typeof Approval>

/** What was seen of the world after the change. */
export const ChangeSighting = z.strictObject({
  /** Whether every effect still stands as it was planned. */
  holds: z.boolean(),
  /** The findings that should be closed, as the run after the change left them. `not-looked`: nothing judged them since. */
  findings: z
    .array(z.strictObject({ fingerprint: z.string(), state: z.enum(['resolved', 'open', 'not-looked']) }))
    .max(5_000),
  /** What stands in the way of the change being in force, such as a process of before that still runs. */
  pending: z.array(z.string().max(1_000)).max(500),
  /** What else was looked at and how it stood, in words, with what could not be looked at. Left out where there was nothing. */
  seen: z.array(z.string().max(1_000)).max(500).optional(),
  /** Why the change is taken back by itself: a criterion that it was not to meet. Left out where there is none. */
  abort: z.string().max(1_000).optional(),
  /** What a person has to decide now that it is made, such as whether other tools are right. Left out where there is nothing. */
  decide: z.array(z.string().max(1_000)).max(500).optional(),
})
export type ChangeSighting = z.infer<typeof ChangeSighting>

const head = { id: z.string(), at: Instant, change: z.string(), seq: z.int().nonnegative() }
const step = <Is extends string, Shape extends z.ZodRawShape>(is: Is, shape: Shape) =>
  z.strictObject({ ...head, is: z.literal(is), ...shape })

/**
 * One step of a change, stored and sealed before the next begins. The state of a change is what its steps say and nothing else: a crash
 * goes on from the last of them.
 */
export const ChangeStep = z.discriminatedUnion('is', [
  step('proposed', { plan: ChangePlan, digest: Digest, requester: Signer, reason: z.string().max(2_000).nullable() }),
  step('assessed', { assessment: ChangeAssessment }),
  step('tested', { tests: z.array(ChangeTest).max(200) }),
  step('approved', { approval: Approval }),
  /** Takes the approvals of one person back. */
  step('approval-withdrawn', { person: z.string(), signer: Signer }),
  step('scheduled', { from: Instant, until: Instant.nullable(), window: z.string().nullable() }),
  /** Says what an emergency is about. A rehearsal does everything but write. */
  step('emergency', {
    trigger: EmergencyTrigger,
    affected: z.array(AffectedServer).max(5_000),
    /** What is not known of who is affected, in words. */
    notKnown: z.array(z.string().max(1_000)).max(50),
    rehearsal: z.boolean(),
  }),
  /** What was kept before the first write; what could not be looked at is in `missing`, with the reason. */
  step('evidence', {
    captured: z.array(CapturedEvidence).max(100),
    missing: z.array(z.string().max(1_000)).max(100),
  }),
  /** Whether somebody could be told. It never holds anything up, and may come after the end. `withheld`: an alarm that was expected. */
  step('notified', {
    channel: z.string().max(200),
    about: z.enum([
      'opened',
      'contained',
      'not-contained',
      'applied',
      'rolled-back',
      'reverted',
      'expected-alarm',
      'ticket',
    ]),
    outcome: z.enum(['delivered', 'failed', 'withheld']),
    detail: z.string().max(1_000),
  }),
  /** Whether what has to be there before is there, looked at right before the first write. `missing` is a no-go. */
  step('go-no-go', {
    go: z.boolean(),
    checks: z
      .array(
        z.strictObject({
          name: z.string().max(200),
          state: z.enum(['met', 'missing', 'not-known']),
          detail: z.string().max(1_000),
        }),
      )
      .max(100),
    /** When it is taken back if it is not done by then; null: it has no end. */
    until: Instant.nullable(),
    /** What the policies in force asked of it at that moment. Left out by versions that did not record it. */
    asked: z.array(AskedApprovals).max(10).optional(),
  }),
  /** From here on the world may be touched. What every file was and will be lies in the state folder, encrypted. */
  step('applying', { holder: z.string() }),
  /** Written before a call to somebody else's program goes out: should its end not be seen, it may have been made. */
  step('effect-begun', { index: z.int().nonnegative(), undoing: z.boolean() }),
  step('effect-done', { index: z.int().nonnegative(), already: z.boolean() }),
  step('applied', {}),
  step('observed', { sighting: ChangeSighting }),
  step('undoing', { why: z.string().max(2_000), signer: Signer.nullable() }),
  /**
   * `identical`: the very bytes of before. `ours-only`: somebody else wrote meanwhile, and only what the change had written was taken back.
   * `left`: it could not be taken back, or whether it stands is not known; `detail` says why.
   */
  step('effect-undone', {
    index: z.int().nonnegative(),
    how: z.enum(['identical', 'ours-only', 'never-done', 'left']),
    detail: z.string().max(1_000),
  }),
  step('closed', {
    /** `rolled-back-in-part`: what could not be taken back stands; the steps say which and why. */
    outcome: z.enum(['done', 'rolled-back', 'rolled-back-in-part', 'abandoned']),
    detail: z.string().max(2_000),
    signer: Signer.nullable(),
  }),
])
export type ChangeStep = z.infer<typeof ChangeStep>

import { Approval, ChangeAssessment, ChangePlan, ChangeSighting, ChangeTest } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { z } from 'zod'

/** A change as programs read it. */
export const ChangeOutput = z.strictObject({
  id: z.string(),
  phase: z.enum(['proposed', 'applying', 'applied', 'undoing', 'undone', 'closed']),
  outcome: z.string().nullable(),
  /** Why it is not made yet; null when it may be, or was. */
  heldBy: z.string().nullable(),
  plan: ChangePlan,
  /** What is approved: SHA-256 of the plan's canonical form. */
  digest: z.string(),
  requester: z.string(),
  assessment: ChangeAssessment.nullable(),
  tests: z.array(ChangeTest).nullable(),
  approvals: z.array(Approval),
  /** When it is to be made, by the calendar. */
  scheduled: z
    .strictObject({ from: z.string(), until: z.string().nullable(), window: z.string().nullable() })
    .nullable(),
  /** When it was asked for, when all of it stood, and when it was over; null where that has not come. */
  proposedAt: z.string(),
  appliedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  sighting: ChangeSighting.nullable(),
  /** What could not be taken back, with the reason. */
  left: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
})
export type ChangeOutput = z.infer<typeof ChangeOutput>

/** Draws the output from the steps. */
export function changeOutput(state: ChangeState, heldBy: string | null): ChangeOutput {
  return {
    id: state.id,
    phase: state.phase,
    outcome: state.outcome,
    heldBy: state.phase === 'proposed' ? heldBy : null,
    plan: state.plan,
    digest: state.digest,
    requester: state.requester.person,
    assessment: state.assessment,
    tests: state.tests === null ? null : [...state.tests],
    approvals: [...state.approvals],
    scheduled: state.window,
    proposedAt: state.proposedAt,
    appliedAt: state.appliedAt,
    closedAt: state.phase === 'closed' ? state.lastAt : null,
    sighting: state.sighting,
    left: [...state.left].map(([index, reason]) => ({ path: state.plan.effects[index]?.path ?? '', reason })),
  }
}

import type { ChangePlan } from '@upkeep/contract/change-plan'
import type { Approval, ChangeAssessment, ChangeSighting, ChangeStep, ChangeTest } from '@upkeep/contract/change-step'
import type { Signer } from '@upkeep/contract/person'

/** Where a change stands. */
export type ChangePhase = 'proposed' | 'applying' | 'applied' | 'undoing' | 'undone' | 'closed'

/** A change as its steps say it is. */
export interface ChangeState {
  readonly id: string
  readonly plan: ChangePlan
  readonly digest: string
  readonly requester: Signer
  readonly reason: string | null
  readonly proposedAt: string
  readonly phase: ChangePhase
  readonly assessment: ChangeAssessment | null
  readonly tests: readonly ChangeTest[] | null
  readonly approvals: readonly Approval[]
  readonly window: { from: string; until: string | null; window: string | null } | null
  readonly emergency: Pick<
    Extract<ChangeStep, { is: 'emergency' }>,
    'trigger' | 'affected' | 'notKnown' | 'rehearsal'
  > | null
  /** What was kept before the first write, and when. */
  readonly evidence: (Pick<Extract<ChangeStep, { is: 'evidence' }>, 'captured' | 'missing'> & { at: string }) | null
  /** What was decided right before the first write, or instead of it. */
  readonly decision: Pick<Extract<ChangeStep, { is: 'go-no-go' }>, 'go' | 'checks' | 'until' | 'asked'> | null
  /** Indexes of effects that stand now. */
  readonly done: ReadonlySet<number>
  /** Of effects that are calls: those that went out, and whose end is not on record. They may stand. */
  readonly begun: ReadonlySet<number>
  readonly undone: ReadonlySet<number>
  /** Of those, the ones that could not be taken back, with the reason. */
  readonly left: ReadonlyMap<number, string>
  readonly appliedAt: string | null
  readonly sighting: ChangeSighting | null
  readonly undoing: { why: string; signer: Signer | null } | null
  readonly outcome: Extract<ChangeStep, { is: 'closed' }>['outcome'] | null
  readonly closing: string | null
  readonly lastAt: string
  /** The number of the next step. */
  readonly next: number
  readonly steps: readonly ChangeStep[]
}

/**
 * Reads a change from its steps, in order. Null where they are not the steps of one change: the first is not its proposal, or a number is
 * missing or stands twice.
 */
export function changeState(steps: readonly ChangeStep[]): ChangeState | null {
  const [first, ...rest] = steps
  if (first === undefined || first.is !== 'proposed' || first.seq !== 0) return null
  let state = begun(first)
  for (const [index, step] of rest.entries()) {
    if (step.change !== first.change || step.seq !== index + 1 || step.is === 'proposed') return null
    // What was told of a change after its end is no part of how long it took.
    const lastAt = step.is === 'notified' && state.phase === 'closed' ? state.lastAt : step.at
    state = { ...after(state, step), lastAt, next: step.seq + 1, steps }
  }
  return state
}

function begun(step: Extract<ChangeStep, { is: 'proposed' }>): ChangeState {
  return {
    id: step.change,
    plan: step.plan,
    digest: step.digest,
    requester: step.requester,
    reason: step.reason,
    proposedAt: step.at,
    phase: 'proposed',
    assessment: null,
    tests: null,
    approvals: [],
    window: null,
    emergency: null,
    evidence: null,
    decision: null,
    done: new Set(),
    begun: new Set(),
    undone: new Set(),
    left: new Map(),
    appliedAt: null,
    sighting: null,
    undoing: null,
    outcome: null,
    closing: null,
    lastAt: step.at,
    next: 1,
    steps: [step],
  }
}

function after(state: ChangeState, step: Exclude<ChangeStep, { is: 'proposed' }>): ChangeState {
  switch (step.is) {
    case 'assessed':
      return { ...state, assessment: step.assessment }
    case 'tested':
      return { ...state, tests: step.tests }
    case 'approved':
      return { ...state, approvals: [...withoutPerson(state.approvals, step.approval.signer.person), step.approval] }
    case 'approval-withdrawn':
      return { ...state, approvals: withoutPerson(state.approvals, step.person) }
    case 'scheduled':
      return { ...state, window: { from: step.from, until: step.until, window: step.window } }
    case 'emergency': {
      const { trigger, affected, notKnown, rehearsal } = step
      return { ...state, emergency: { trigger, affected, notKnown, rehearsal } }
    }
    case 'evidence':
      return { ...state, evidence: { captured: step.captured, missing: step.missing, at: step.at } }
    case 'go-no-go':
      return { ...state, decision: { go: step.go, checks: step.checks, until: step.until, asked: step.asked } }
    case 'notified':
      return state
    case 'applying':
      return { ...state, phase: 'applying' }
    case 'effect-begun':
      return { ...state, begun: new Set([...state.begun, step.index]) }
    case 'effect-done':
      return { ...state, done: new Set([...state.done, step.index]), begun: without(state.begun, step.index) }
    case 'applied':
      return { ...state, phase: 'applied', appliedAt: step.at }
    case 'observed':
      return { ...state, sighting: step.sighting }
    case 'undoing':
      return undoing(state, { why: step.why, signer: step.signer })
    case 'effect-undone':
      return undone(state, step)
    case 'closed':
      return { ...state, phase: 'closed', outcome: step.outcome, closing: step.detail }
  }
}

/** A person has one word: the last one counts. */
function withoutPerson(approvals: readonly Approval[], person: string): Approval[] {
  return approvals.filter(({ signer }) => signer.person !== person)
}

/** What was left the time before is tried again. */
function undoing(state: ChangeState, why: NonNullable<ChangeState['undoing']>): ChangeState {
  const undone = new Set([...state.undone].filter((index) => !state.left.has(index)))
  return { ...state, phase: 'undoing', undoing: why, undone, left: new Map() }
}

function without(all: ReadonlySet<number>, index: number): ReadonlySet<number> {
  return new Set([...all].filter((one) => one !== index))
}

function undone(state: ChangeState, step: Extract<ChangeStep, { is: 'effect-undone' }>): ChangeState {
  const { index, how, detail } = step
  const all = new Set([...state.undone, index])
  const done = how === 'left' ? new Set([...state.done, index]) : without(state.done, index)
  const left = how === 'left' ? new Map([...state.left, [index, detail] as const]) : state.left
  const begun = without(state.begun, index)
  return {
    ...state,
    done,
    begun,
    undone: all,
    left,
    phase: all.size === state.plan.effects.length ? 'undone' : state.phase,
  }
}

import type { ApprovalPolicy } from '@upkeep/contract/approval-policy'
import type { Approval, ChangeStep } from '@upkeep/contract/change-step'
import type { SeenApproval, SeenChange } from '@upkeep/contract/observations/changes'
import type { Attestation, Person } from '@upkeep/contract/person'
import { askedBy, rightOf } from './approval-rule.ts'
import type { ChangeState } from './change-state.ts'
import { rehearsal } from './completeness.ts'
import { type Delegation, mayApproveFor } from './delegations.ts'
import { reviewDueAt, reviewScope, secondsToContain } from './held-by-emergency.ts'
import { justificationsOf } from './justifications.ts'
import { policyFor } from './policy-for.ts'
import { isTrainedAt, trainingScopes } from './training.ts'

/** What reading a change takes beside its steps. */
export interface Grounds {
  readonly people: readonly Person[]
  /** The policies in force now, each list of which has to be satisfied: what was begun is judged by those of then. */
  readonly policies: readonly (readonly ApprovalPolicy[])[]
  readonly delegations: readonly Delegation[]
  /** What people stated, of whatever. */
  readonly attestations: readonly Attestation[]
  /** Whether an approval that was given then is signed by the key that was in force then. */
  signatureOf(approval: Approval, at: string): SeenApproval['signature']
  /** What lies behind its records; left out where nobody looked. */
  readonly behind?: Pick<SeenChange, 'sheet' | 'kept' | 'closing'> | undefined
}

const most = { inputs: 50, paths: 50, tests: 50, named: 100, lines: 20, words: 50, text: 500 }

/** A change as duties read it: what its steps say, cut to a bounded length. */
export function seenChange(state: ChangeState, grounds: Grounds): SeenChange {
  const { plan, steps, assessment, sighting } = state
  const irreversible = plan.irreversible.slice(0, most.lines).map(cut)
  const asks = askedOf(state, grounds.policies)
  const trainings = trainingScopes([asks.asked, ...(asks.alsoAsked ?? [])])
  const left = [...state.left].slice(0, most.paths)
  return {
    id: state.id,
    class: plan.class,
    title: plan.title,
    digest: state.digest,
    kinds: [...new Set(plan.inputs.map(({ kind }) => kind))].sort(),
    inputs: plan.inputs.slice(0, most.inputs),
    ...(plan.entries === undefined ? {} : { entries: plan.entries.slice(0, most.inputs) }),
    phase: state.phase,
    outcome: state.outcome,
    requester: state.requester.person,
    reason: state.reason === null ? null : cut(state.reason),
    justifications: justificationsOf(grounds.attestations, state.id)
      .slice(-most.lines)
      .map((one) => ({ ...one, reason: cut(one.reason) })),
    ...asks,
    approvals: wordsOf(steps, state.digest, { ...grounds, trainings }).slice(-most.words),
    ...testsOf(state),
    risk: assessment?.risk ?? null,
    hasSheet: (assessment?.sheet ?? null) !== null,
    ...grounds.behind,
    ...ringOf(state),
    effects: plan.effects.length,
    paths: [...new Set(plan.effects.map(({ path }) => path))].slice(0, most.paths),
    closes: plan.closes.length,
    closed: sighting?.findings.filter((one) => one.state === 'resolved').length ?? 0,
    ...timesOf(state),
    undoable: irreversible.length === 0,
    irreversible,
    window: state.window,
    ...emergencyOf(state, reviewsOf(state.id, grounds.attestations)),
    ...(state.decision === null ? {} : { go: state.decision.go }),
    pending: (sighting?.pending ?? []).slice(0, most.lines).map(cut),
    left: left.map(([index, reason]) => ({ path: plan.effects[index]?.path ?? '', reason: cut(reason) })),
  }
}

/** What people stated about having looked at it afterwards. */
function reviewsOf(id: string, attestations: Grounds['attestations']): Pick<Attestation, 'person' | 'at'>[] {
  const about = attestations.filter(({ scope }) => scope === reviewScope(id))
  const revoked = new Set(about.flatMap(({ revokes }) => revokes ?? []))
  return about.filter((one) => one.revokes === null && !revoked.has(one.id))
}

function emergencyOf(
  state: ChangeState,
  reviews: readonly { person: string; at: string }[],
): Pick<SeenChange, 'emergency'> {
  const { plan, emergency, steps } = state
  if (plan.class !== 'emergency') return {}
  const at = (is: ChangeStep['is']) => steps.findIndex((step) => step.is === is)
  const evidence = at('evidence')
  const seen = {
    rehearsal: emergency?.rehearsal ?? false,
    evidenceFirst: evidence !== -1 && (at('applying') === -1 || evidence < at('applying')),
    reviewDue: reviewDueAt(state),
    reviews: reviews.slice(0, most.words).map(({ person, at: when }) => ({ person, at: when })),
    secondsToContain: secondsToContain(state),
  }
  return { emergency: seen }
}

function askedOf(state: ChangeState, policies: Grounds['policies']): Pick<SeenChange, 'asked' | 'alsoAsked'> {
  const then = state.decision?.asked ?? []
  const [asked, ...others] = then.length > 0 ? then : policies.map((list) => askedBy(policyFor(state, list)))
  const also = others.length === 0 ? {} : { alsoAsked: others }
  return { asked: asked ?? askedBy(policyFor(state, [])), ...also }
}

function testsOf({ tests }: ChangeState): Pick<SeenChange, 'tests' | 'rehearsed' | 'testsPassed'> {
  if (tests === null) return { tests: null, rehearsed: null }
  const named = (outcome: 'failed' | 'not-run') =>
    tests.flatMap((test) => (test.outcome === outcome ? [test.name] : [])).slice(0, most.tests)
  const passed = tests.filter(({ outcome }) => outcome === 'passed').length
  return {
    tests: { passed, failed: named('failed'), notRun: named('not-run') },
    rehearsed: tests.find(({ name }) => name === rehearsal)?.outcome ?? null,
    testsPassed: tests.flatMap(({ name, outcome }) => (outcome === 'passed' ? [name] : [])).slice(0, most.named),
  }
}

function ringOf({ plan: { ring } }: ChangeState): Pick<SeenChange, 'ring'> {
  if (ring === undefined) return {}
  const { rollout, name, index, of, soakMinutes } = ring
  return { ring: { rollout, name, index, of, soakMinutes } }
}

function timesOf(state: ChangeState) {
  const lastOf = (is: ChangeStep['is']) => state.steps.findLast((step) => step.is === is)?.at ?? null
  return {
    proposedAt: state.proposedAt,
    assessedAt: lastOf('assessed'),
    testedAt: lastOf('tested'),
    applyingAt: lastOf('applying'),
    appliedAt: inForceAt(state),
    observedAt: lastOf('observed'),
    undoingAt: lastOf('undoing'),
    closedAt: lastOf('closed'),
    lastAt: state.lastAt,
  }
}

/** Files are changed when they are written; a branch changes them once it was seen to be merged. */
function inForceAt({ plan, appliedAt, outcome, lastAt }: ChangeState): string | null {
  if (plan.branch === undefined) return appliedAt
  return outcome === 'done' ? lastAt : null
}

/** Every word about a change; a person's later word ends the earlier one. */
function wordsOf(
  steps: readonly ChangeStep[],
  digest: string,
  { people, delegations, signatureOf, attestations, trainings }: Grounds & { trainings: ReadonlySet<string> },
): SeenApproval[] {
  const words: SeenApproval[] = []
  const end = (person: string, at: string) => {
    for (const word of words) if (word.person === person && word.endedAt === null) word.endedAt = at
  }
  for (const step of steps) {
    if (step.is === 'approval-withdrawn') end(step.person, step.at)
    if (step.is !== 'approved') continue
    const { approval, at } = step
    const { person, presence } = approval.signer
    const right = rightOf(approval)
    const delegated = mayApproveFor(delegations, { from: right, to: person, at })
    end(person, at)
    const trained = [...trainings].filter((scope) => isTrainedAt(attestations, { person, scope, at }))
    words.push({
      person,
      ...(right === person ? {} : { onBehalfOf: right, delegated }),
      holds: [...(people.find(({ id }) => id === right)?.roles ?? [])],
      role: approval.role,
      decision: approval.decision,
      at,
      until: approval.until,
      presence,
      signature: signatureOf(approval, at),
      ofThisPlan: approval.digest === digest,
      endedAt: null,
      ...(trainings.size === 0 ? {} : { trained }),
    })
  }
  return words
}

function cut(text: string): string {
  return text.length <= most.text ? text : `${text.slice(0, most.text - 1)}…`
}

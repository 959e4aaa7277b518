import type { Instant } from '@upkeep/contract/time'
import { stampOf } from '../distance.ts'
import type { ChangeState } from './change-state.ts'
import { effectWords } from './effect-words.ts'
import { touchedServers } from './touched-servers.ts'

/** How likely it is that a change does not stay made, from what became of changes like it. Shares from 0 to 1. */
export interface Likelihood {
  /** How many changes like it were made before, and how many of these were taken back. */
  readonly similar: number
  readonly failed: number
  readonly expected: number
  /** In which range the true share lies, 95 of 100 times (Wilson). */
  readonly low: number
  readonly high: number
  /** Fewer than five: the range says little, and no figure of it is to be read as safe. */
  readonly littleData: boolean
}

/** The risk of a change: of making it, and of not making it. */
export interface ChangeRisk {
  readonly likelihood: Likelihood
  readonly undoable: boolean
  readonly why: readonly string[]
  /** What waiting costs, at several distances. Empty: no rule says by when. */
  readonly deferred: readonly { days: number; overdueDays: number }[]
  /** What would lower it. */
  readonly lower: readonly string[]
}

const enough = 5
const z = 1.96
const dayMs = 86_400_000
const distances = [0, 7, 30]

/** The estimate as it was when the change was proposed: from changes that were closed by then, so that it can be derived again at any time. */
export function riskOf(
  state: ChangeState,
  all: readonly ChangeState[],
  due: { at: Instant; now: Instant } | null,
): ChangeRisk {
  const likelihood = likelihoodOf(like(state, all))
  const { plan } = state
  const undoable = plan.irreversible.length === 0
  const servers = touchedServers(plan).length
  return {
    likelihood,
    undoable,
    why: [
      likelihoodWords(likelihood),
      undoable
        ? 'it can be taken back to the very bytes'
        : `it cannot be taken back whole: ${plan.irreversible.join('; ')}`,
      `it reaches ${effectWords(plan.effects)} and ${servers} server${servers === 1 ? '' : 's'}`,
      ...(due === null ? ['what waiting costs is not known: no rule says by when'] : [`it is due ${stampOf(due.at)}`]),
    ],
    deferred: due === null ? [] : distances.map((days) => ({ days, overdueDays: overdue(due, days) })),
    lower: [
      ...(plan.effects.length > 1 && plan.ring === undefined ? ['ring by ring: upkeep rollout'] : []),
      ...(undoable ? [] : ['a smaller step that can be taken back, where there is one']),
    ],
  }
}

/** What became of the changes that were like this one and closed before it was proposed: true where it failed. */
function like(state: ChangeState, all: readonly ChangeState[]): boolean[] {
  const kinds = new Set(state.plan.inputs.map(({ kind }) => kind))
  return all
    .filter((one) => one.id !== state.id && wasMade(one) && one.lastAt <= state.proposedAt)
    .filter(({ plan }) => plan.inputs.some(({ kind }) => kinds.has(kind)))
    .map(({ outcome }) => outcome !== 'done')
}

/** A rehearsal, and what was given up before it began, say nothing about making it. */
function wasMade({ phase, appliedAt, undoing, emergency }: ChangeState): boolean {
  return phase === 'closed' && (appliedAt !== null || undoing !== null) && emergency?.rehearsal !== true
}

/** From outcomes, true where it failed. Without any the range is everything. */
export function likelihoodOf(outcomes: readonly boolean[]): Likelihood {
  const similar = outcomes.length
  const failed = outcomes.filter(Boolean).length
  const [low, high] = wilson(failed, similar)
  // Beta(1, 1) before the first: nothing known is even odds, not safety.
  const expected = (failed + 1) / (similar + 2)
  return { similar, failed, expected, low, high, littleData: similar < enough }
}

function wilson(failed: number, of: number): [number, number] {
  if (of === 0) return [0, 1]
  const share = failed / of
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const spread = (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  return [Math.max(0, middle - spread), Math.min(1, middle + spread)]
}

/** For a reader: `5 of 20 changes like it were taken back: 11 to 47 of 100`. */
export function likelihoodWords({ similar, failed, low, high, littleData }: Likelihood): string {
  const range = `${Math.round(low * 100)} to ${Math.round(high * 100)} of 100`
  if (similar === 0) return 'little data: no change like it was made before'
  return `${littleData ? 'little data: ' : ''}${failed} of ${similar} changes like it were taken back: ${range}`
}

function overdue({ at, now }: { at: Instant; now: Instant }, days: number): number {
  return Math.max(0, Math.ceil((Date.parse(now) + days * dayMs - Date.parse(at)) / dayMs))
}

/** How good the estimates were: what was expected of the last changes that were made, and what became of them. */
export interface Calibration {
  readonly changes: number
  /** How many were expected to fail, and how many did. */
  readonly expected: number
  readonly failed: number
  /** Mean squared error: 0 is perfect, 0.25 is what even odds give. */
  readonly brier: number
}

/** Over the newest changes that were made; null where there is none. */
export function calibrationOf(all: readonly ChangeState[], newest = 50): Calibration | null {
  const made = [...all].filter(wasMade).sort((one, other) => one.proposedAt.localeCompare(other.proposedAt, 'en'))
  const pairs = made.slice(-newest).map((one) => ({
    expected: likelihoodOf(like(one, made)).expected,
    failed: one.outcome === 'done' ? 0 : 1,
  }))
  if (pairs.length === 0) return null
  const sum = (of: (pair: (typeof pairs)[number]) => number) => pairs.reduce((total, pair) => total + of(pair), 0)
  return {
    changes: pairs.length,
    expected: sum(({ expected }) => expected),
    failed: sum(({ failed }) => failed),
    brier: sum(({ expected, failed }) => (expected - failed) ** 2) / pairs.length,
  }
}

import { type Assessment, type EarlierFinding, type FindingDraft, need, type Rules, type Seen } from '@upkeep/contract'
import type { Changes, SeenChange } from '@upkeep/contract/observations/changes'

/** What every duty over changes needs. */
export const changesNeeded = { changes: need('changes') }

/** Which changes a duty is about, and what it says of them. */
export interface OverChanges<R extends Rules> {
  isAbout(change: SeenChange): boolean
  /** What is said where there is no such change: then the duty does not apply, and nothing is green. */
  none: string
  judge(about: readonly SeenChange[], facts: Changes): Judged<R>
}

interface Judged<R extends Rules> {
  findings: readonly FindingDraft<R>[]
  unknowns?: readonly string[]
  passes: readonly string[]
  notCovered?: readonly string[]
}

/**
 * Judges the changes that a duty is about. Where they could not be read the need says why; what of them was left out is unknown; where there
 * are none the duty does not apply.
 */
export function judgeChanges<R extends Rules>(
  changes: Seen<'changes'>,
  { isAbout, none, judge }: OverChanges<R>,
): Assessment<R> {
  if (changes.state !== 'seen') return { findings: [], unknowns: [], passes: [] }
  const { facts } = changes
  const about = facts.changes.filter(isAbout)
  const judged = judge(about, facts)
  const unknowns = [...facts.leftOut, ...(judged.unknowns ?? [])]
  const isNothing = about.length === 0 && judged.findings.length === 0 && judged.passes.length === 0
  return { ...judged, unknowns, ...(isNothing ? { notApplicable: none } : {}) }
}

/** Whether an earlier finding about a change was really looked for: the change is among those that are told of. */
export function isLookedAt({ facts }: EarlierFinding, changes: Seen<'changes'>): boolean {
  return changes.state === 'seen' && changes.facts.changes.some(({ id }) => id === facts.change)
}

/** Whether files were written by it, or may have been. */
export function wasBegun({ applyingAt }: SeenChange): boolean {
  return applyingAt !== null
}

/** Whether what it wrote stands: it was made, and nobody has begun to take it back. */
export function stands({ appliedAt, undoingAt, emergency }: SeenChange): boolean {
  return appliedAt !== null && undoingAt === null && emergency?.rehearsal !== true
}

/** `2 of 3 changes that were made had it`, where any had. */
export function rightOf(about: readonly SeenChange[], wrong: readonly string[], says: string): string[] {
  const right = about.filter(({ id }) => !wrong.includes(id)).length
  return right === 0 ? [] : [`${right} of ${about.length} ${says}`]
}

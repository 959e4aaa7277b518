import type { Seen } from '@upkeep/contract'
import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import type { SafeValue } from '@upkeep/contract/observations/declared-server'
import { afterInputs, type ChangedParts, standingInputs } from '@upkeep/domain/changes/after-changes'
import { approversOf, safeValues } from '@upkeep/domain/changes/joined-server'
import { type Difference, nothing } from '@upkeep/domain/server-diff/difference'

/** What else than the server itself a comparison rests on. */
export interface Grounds {
  changes: Seen<'changes'>
  traces: Seen<'installed-traces'>
}

/** A change that was approved, made, and stands. */
interface Made {
  id: string
  title: string
  by: string
  /** A package whose version it set. */
  version: { name: string; to: string } | null
}

/**
 * The approved state together with the changes that were approved and made since it was. Only what those changes wrote, and exactly that,
 * is authorised by them: whatever somebody else wrote into the same file stays a difference.
 */
export function authorisedState(
  approved: ApprovedServer,
  changes: Seen<'changes'>,
): { state: ApprovedServer; made: Made[]; unknowns: string[] } {
  const { declared, exposure } = approved
  if (declared === null) return { state: approved, made: [], unknowns: [] }
  if (changes.state !== 'seen') {
    const why = changes.state === 'unavailable' && changes.code !== 'not-configured' ? [changes.reason] : []
    return { state: approved, made: [], unknowns: why.map((one) => `whether an approved change did it: ${one}`) }
  }
  const entry = { path: declared.path, server: declared.name, project: declared.project }
  const standing = standingInputs(changes.facts.changes, approved.approvedAt, entry)
  const { args, autoApprove, disabled } = declared
  const parts = { args, autoApprove, disabled, mode: exposure?.mode ?? null }
  const after = afterInputs<SafeValue, ChangedParts<SafeValue>>(
    parts,
    standing.map(({ input }) => input),
    safeValues,
  )
  const state = {
    ...approved,
    declared: { ...declared, args: [...after.args], autoApprove: [...after.autoApprove], disabled: after.disabled },
    exposure: exposure === null || after.mode === null ? exposure : { ...exposure, mode: after.mode },
  }
  const made = standing.map(({ change, input }) => ({
    id: change.id,
    title: change.title,
    by: approversOf(change.approvals),
    version: input.kind === 'set-server-version' ? { name: input.package, to: input.to } : null,
  }))
  return { state, made, unknowns: [] }
}

/**
 * Without the differences that follow from a version that a change set: another copy is what would start now, of exactly that version. Bytes
 * of a copy that was there before are no part of that.
 */
export function withoutMade(differences: readonly Difference[], made: readonly Made[]): Difference[] {
  const versions = made.flatMap(({ version }) => (version === null ? [] : [version]))
  return differences.filter(
    ({ layer, was, is }) => layer !== 'version' || !versions.some((one) => isOfVersion(is, one) || isLeft(was, is)),
  )
}

/** A copy that the entry does not come to any more: nothing starts it. */
function isLeft(was: string, is: string): boolean {
  return is === nothing && was.startsWith('installed (')
}

/** In the words of the comparison: a copy that is installed, or the one that would start. */
function isOfVersion(is: string, { name, to }: { name: string; to: string }): boolean {
  return is === to || is === `installed (${to})` || is.startsWith(`${name} ${to} in `)
}

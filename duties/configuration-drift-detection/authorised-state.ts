import type { Seen } from '@upkeep/contract'
import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import { standingChanges } from '@upkeep/domain/changes/after-changes'
import { afterDeclared, approversOf } from '@upkeep/domain/changes/joined-server'
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
  /** Packages whose version it set. */
  versions: { name: string; to: string }[]
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
  const entry = { client: declared.client, path: declared.path, server: declared.name, project: declared.project }
  const standing = standingChanges(changes.facts.changes, approved.approvedAt, entry)
  const after = afterDeclared({ declared, mode: exposure?.mode ?? null }, standing)
  const state = {
    ...approved,
    declared: after.declared,
    exposure: exposure === null || after.mode === null ? exposure : { ...exposure, mode: after.mode },
  }
  const made = standing.map(({ change, inputs }) => ({
    id: change.id,
    title: change.title,
    by: approversOf(change.approvals),
    versions: inputs.flatMap((input) =>
      input.kind === 'set-server-version' ? [{ name: input.package, to: input.to }] : [],
    ),
  }))
  return { state, made, unknowns: [] }
}

/**
 * Without the differences that follow from a version that a change set: another copy is what would start now, of exactly that version. Bytes
 * of a copy that was there before are no part of that.
 */
export function withoutMade(differences: readonly Difference[], made: readonly Made[]): Difference[] {
  const versions = made.flatMap((one) => one.versions)
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

import type { ChangeInput, Seen } from '@upkeep/contract'
import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import { afterInputs, type ChangedParts, standingInputs, type ValueForm } from '@upkeep/domain/changes/after-changes'
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

const values: ValueForm<SafeValue> = {
  text: (value) => (value.kind === 'plain' ? value.text : null),
  make: (text) => ({ kind: 'plain', text }),
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
    values,
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

function approversOf(approvals: readonly { person: string; decision: string; endedAt: string | null }[]): string {
  const people = approvals.filter((one) => one.decision === 'approved' && one.endedAt === null)
  return people.length === 0 ? 'by policy' : `approved by ${people.map(({ person }) => person).join(', ')}`
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

/** The change that was approved, made, and took an approved server away; null where none did. */
export function removedBy({ declared, approvedAt }: ApprovedServer, changes: Seen<'changes'>): string | null {
  if (declared === null || changes.state !== 'seen') return null
  const entry = { path: declared.path, server: declared.name, project: declared.project }
  const last = standingInputs(changes.facts.changes, approvedAt, entry).findLast(({ input }) => isPresence(input))
  if (last === undefined || last.input.kind === 'add-server') return null
  return `change ${last.change.id}: ${last.change.title} (${approversOf(last.change.approvals)})`
}

function isPresence({ kind }: ChangeInput): boolean {
  return kind === 'remove-server' || kind === 'disable-server' || kind === 'add-server'
}

/** The change that was approved, made, and declared a server just as it stands there; null where none did. */
export function addedBy(declared: DeclaredServer, changes: Seen<'changes'>): string | null {
  if (changes.state !== 'seen') return null
  const entry = { path: declared.path, server: declared.name, project: declared.project }
  const standing = standingInputs(changes.facts.changes, '', entry)
  const from = standing.findLastIndex(({ input }) => isPresence(input))
  const [added, ...later] = from < 0 ? [] : standing.slice(from)
  if (
    added?.input.kind !== 'add-server' ||
    !isAsAdded(
      declared,
      added.input.entry,
      later.map(({ input }) => input),
    )
  )
    return null
  return `change ${added.change.id}: ${added.change.title} (${approversOf(added.change.approvals)})`
}

type Added = Extract<ChangeInput, { kind: 'add-server' }>['entry']

/** To the last word: one that is hidden cannot be told from another, and so is not taken for it. */
function isAsAdded(declared: DeclaredServer, added: Added, later: readonly ChangeInput[]): boolean {
  if (Object.keys(declared.other).length > 0 || declared.transport !== added.transport) return false
  if (added.transport !== 'stdio')
    return declared.url === added.url && declared.urlSecrets.length === 0 && isSameMap(declared.headers, added.headers)
  const parts = { args: added.args.map(values.make), autoApprove: [], disabled: false, mode: null }
  const after = afterInputs<SafeValue, ChangedParts<SafeValue>>(parts, later, values)
  const isSameArgs =
    after.args.length === declared.args.length &&
    after.args.every((one, at) => values.text(one) === textOf(declared.args[at]))
  const isSameRest =
    isSameMap(declared.env, added.env) &&
    declared.cwd === added.cwd &&
    declared.disabled === after.disabled &&
    declared.autoApprove.length === after.autoApprove.length
  return isSameArgs && isSameRest && textOf(declared.command) === added.command
}

function isSameMap(is: Readonly<Record<string, SafeValue>>, as: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(is)
  return names.length === Object.keys(as).length && names.every((name) => textOf(is[name]) === as[name])
}

function textOf(value: SafeValue | null | undefined): string | null {
  if (value === null || value === undefined || value.kind === 'hidden') return null
  return value.kind === 'empty' ? '' : value.text
}

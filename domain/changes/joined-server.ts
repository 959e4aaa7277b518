import type { ChangeInput } from '@upkeep/contract/change'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import { afterInputs, type ChangedParts, standingInputs, type ValueForm } from './after-changes.ts'

/** Values as observations hold them. */
export const safeValues: ValueForm<SafeValue> = {
  text: (value) => (value.kind === 'plain' ? value.text : null),
  make: (text) => ({ kind: 'plain', text }),
}

/** The change that was approved, made, and took an approved server away; null where none did. */
export function removedBy(declared: DeclaredServer, after: string, changes: readonly SeenChange[]): string | null {
  const entry = { path: declared.path, server: declared.name, project: declared.project }
  const last = standingInputs(changes, after, entry).findLast(({ input }) => isPresence(input))
  if (last === undefined || last.input.kind === 'add-server') return null
  return `change ${last.change.id}: ${last.change.title} (${approversOf(last.change.approvals)})`
}

/** Who let a change through, in words. */
export function approversOf(approvals: SeenChange['approvals']): string {
  const people = approvals.filter((one) => one.decision === 'approved' && one.endedAt === null)
  return people.length === 0
    ? 'by policy'
    : `approved by ${people.map(({ person, onBehalfOf }) => (onBehalfOf === undefined ? person : `${person} for ${onBehalfOf}`)).join(', ')}`
}

function isPresence({ kind }: ChangeInput): boolean {
  return (
    kind === 'remove-server' || kind === 'disable-server' || kind === 'cut-off-integration' || kind === 'add-server'
  )
}

/** The change that was approved, made, and declared a server just as it stands there; null where none did. */
export function addedBy(declared: DeclaredServer, after: string, changes: readonly SeenChange[]): string | null {
  const entry = { path: declared.path, server: declared.name, project: declared.project }
  const standing = standingInputs(changes, after, entry)
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
  const parts = { args: added.args.map(safeValues.make), autoApprove: [], disabled: false, mode: null }
  const after = afterInputs<SafeValue, ChangedParts<SafeValue>>(parts, later, safeValues)
  const isSameArgs =
    after.args.length === declared.args.length &&
    after.args.every((one, at) => safeValues.text(one) === textOf(declared.args[at]))
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

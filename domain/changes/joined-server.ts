import type { SeenChange } from '@upkeep/contract/observations/changes'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import { compareDeclared } from '../server-diff/compare-declared.ts'
import {
  afterStanding,
  type ChangedEntry,
  type StandingChange,
  standingChanges,
  type ValueForm,
} from './after-changes.ts'
import { fitsArguments, withDifference } from './entry-change.ts'

/** Values as observations hold them. */
const safeValues: ValueForm<SafeValue> = {
  text: (value) => (value.kind === 'plain' ? value.text : null),
  make: (text) => ({ kind: 'plain', text }),
}

/** The change that was approved, made, and took an approved server away; null where none did. */
export function removedBy(declared: DeclaredServer, after: string, changes: readonly SeenChange[]): string | null {
  const last = standingChanges(changes, after, entryOf(declared)).findLast(isAboutPresence)
  return last === undefined || isAdding(last) ? null : byWords(last)
}

function entryOf({ client, path, name, project }: DeclaredServer): ChangedEntry {
  return { client, path, server: name, project }
}

function byWords({ change }: StandingChange): string {
  return `change ${change.id}: ${change.title} (${approversOf(change.approvals)})`
}

/** Who let a change through, in words. */
export function approversOf(approvals: SeenChange['approvals']): string {
  const people = approvals.filter((one) => one.decision === 'approved' && one.endedAt === null)
  return people.length === 0
    ? 'by policy'
    : `approved by ${people.map(({ person, onBehalfOf }) => (onBehalfOf === undefined ? person : `${person} for ${onBehalfOf}`)).join(', ')}`
}

function isAboutPresence(standing: StandingChange): boolean {
  return isAdding(standing) || standing.inputs.some(({ kind }) => takesAway.has(kind))
}

const takesAway: ReadonlySet<string> = new Set(['remove-server', 'disable-server', 'cut-off-integration'])

function isAdding({ inputs, made }: StandingChange): boolean {
  return made?.kind === 'added' || inputs.some(({ kind }) => kind === 'add-server')
}

/** The change that was approved, made, and declared a server just as it stands there; null where none did. */
export function addedBy(declared: DeclaredServer, after: string, changes: readonly SeenChange[]): string | null {
  const standing = standingChanges(changes, after, entryOf(declared))
  const from = standing.findLastIndex(isAboutPresence)
  const [added, ...later] = from < 0 ? [] : standing.slice(from)
  if (added === undefined || !isAdding(added)) return null
  const { made } = added
  if (made?.kind !== 'added') return null
  const left = afterDeclared({ declared: made.is, mode: null }, later)
  return compareDeclared(left.declared, declared).length === 0 ? byWords(added) : null
}

/** An entry and the mode of its file as changes left them. */
export function afterDeclared(state: EntryState, standing: readonly StandingChange[]): EntryState {
  const { mode, ...declared } = afterStanding<SafeValue, DeclaredServer & { mode: string | null }>(
    { ...state.declared, mode: state.mode },
    standing,
    {
      ...safeValues,
      made: (before, made) => ({ state: withDifference(before, made), isWhole: fitsArguments(before, made.was) }),
    },
  )
  return { declared, mode }
}

interface EntryState {
  readonly declared: DeclaredServer
  readonly mode: string | null
}

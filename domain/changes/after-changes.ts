import type { ChangeInput } from '@upkeep/contract/change'
import type { EntryChange } from '@upkeep/contract/entry-change'
import type { SeenChange } from '@upkeep/contract/observations/changes'

/** What of a server changes of ours set, in whichever form its values are held. */
export interface ChangedParts<Value> {
  args: readonly Value[]
  autoApprove: readonly string[]
  disabled: boolean
  mode: string | null
}

/** How a form of values is read and made; `text` is null where the value is hidden. */
export interface ValueForm<Value> {
  text(value: Value): string | null
  make(text: string): Value
}

/** Which entry is asked about. */
export interface ChangedEntry {
  client: string
  path: string
  server: string
  project: string | null
}

/** A change that was made and stands: what it was asked for about one entry, and what it made of it. */
export interface StandingChange {
  readonly change: SeenChange
  readonly inputs: readonly ChangeInput[]
  /** Null where its plan does not say. */
  readonly made: EntryChange | null
}

/** The changes about an entry that were made after a time and stand, the oldest first. */
export function standingChanges(changes: readonly SeenChange[], after: string, entry: ChangedEntry): StandingChange[] {
  return changes
    .filter(({ appliedAt, undoingAt }) => appliedAt !== null && appliedAt > after && undoingAt === null)
    .toSorted((a, b) => ((a.appliedAt ?? '') < (b.appliedAt ?? '') ? -1 : 1))
    .map((change) => ({
      change,
      inputs: change.inputs.filter((input) => isAbout(input, entry)),
      made: change.entries?.find((one) => isOf(one, entry)) ?? null,
    }))
    .filter(({ inputs, made }) => inputs.length > 0 || made !== null)
}

function isOf(one: EntryChange, { path, server, project }: ChangedEntry): boolean {
  return one.path === path && one.server === server && one.project === project
}

function isAbout(input: ChangeInput, { client, path, server, project }: ChangedEntry): boolean {
  // It is about whatever Claude Code would start by that name.
  if (input.kind === 'deny-server') return client === 'claude-code' && input.name === server
  if (input.path !== path) return false
  if (!('server' in input)) return input.kind === 'set-file-mode'
  return input.server === server && (input.project ?? null) === project
}

/**
 * A state as these changes left it: what somebody approved, together with what was approved later. Where a plan says what it made of the entry,
 * that counts; else what can be told from what was asked for.
 */
export function afterStanding<Value, Parts extends ChangedParts<Value>>(
  state: Parts,
  standing: readonly StandingChange[],
  form: ValueForm<Value> & { made(state: Parts, made: ChangedEntryParts): { state: Parts; isWhole: boolean } },
): Parts {
  let after = state
  for (const { inputs, made } of standing) {
    const left = made?.kind === 'changed' ? form.made(after, made) : { state: after, isWhole: false }
    const others = left.isWhole ? inputs.filter(({ kind }) => kind === 'set-file-mode') : inputs
    after = afterInputs<Value, Parts>(left.state, others, form)
  }
  return after
}

/** What a change makes of an entry that was there before and is there after it. */
export type ChangedEntryParts = Extract<EntryChange, { kind: 'changed' }>

/**
 * A state as it is once these inputs were made of it: what somebody approved, together with what was approved later. Whatever differs from
 * that was approved by nobody. An input that does not fit the state changes nothing, and so authorises nothing.
 */
function afterInputs<Value, Parts extends ChangedParts<Value>>(
  state: Parts,
  inputs: readonly ChangeInput[],
  form: ValueForm<Value>,
): Parts {
  let after = state
  for (const input of inputs) after = { ...after, ...changedBy(after, input, form) }
  return after
}

function changedBy<Value>(
  state: ChangedParts<Value>,
  input: ChangeInput,
  form: ValueForm<Value>,
): Partial<ChangedParts<Value>> {
  switch (input.kind) {
    case 'set-file-mode':
      return state.mode === fourDigits(input.from) ? { mode: fourDigits(input.to) } : {}
    case 'set-server-version':
      return { args: state.args.map((value) => withVersion(value, input, form)) }
    case 'set-server-args':
      return { args: withArguments(state.args, input.changes, form) }
    case 'set-client-permission':
      return isSameSet(state.autoApprove, input.from) ? { autoApprove: input.to } : {}
    case 'disable-server':
    case 'deny-server':
      return { disabled: true }
    default:
      return {}
  }
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.every((one) => b.includes(one)) && b.every((one) => a.includes(one))
}

type ArgumentChanges = Extract<ChangeInput, { kind: 'set-server-args' }>['changes']

/** All of them or none, as the edit itself does it: from the last to the first, each where what it expects stands. */
function withArguments<Value>(
  args: readonly Value[],
  changes: ArgumentChanges,
  form: ValueForm<Value>,
): readonly Value[] {
  const inOrder = changes.toSorted(
    (a, b) => b.index - a.index || Number(a.kind === 'insert') - Number(b.kind === 'insert'),
  )
  let after = args
  for (const change of inOrder) {
    const here = args[change.index]
    const text = here === undefined ? null : form.text(here)
    if (text !== (change.kind === 'insert' ? change.before : change.from)) return args
    if (change.kind === 'insert') after = after.toSpliced(change.index, 0, form.make(change.text))
    else if (change.kind === 'remove') after = after.toSpliced(change.index, 1)
    else after = after.with(change.index, form.make(change.to))
  }
  return after
}

function fourDigits(mode: string): string {
  return mode.padStart(4, '0')
}

/** Only a word that is the package with its former version, as launchers take it, also behind `--package=`. */
function withVersion<Value>(
  value: Value,
  { package: name, from, to }: Extract<ChangeInput, { kind: 'set-server-version' }>,
  form: ValueForm<Value>,
): Value {
  const text = form.text(value)
  if (text === null) return value
  for (const sign of ['@', '==', ':']) {
    const was = from === null ? name : `${name}${sign}${from}`
    if (text === was || (text.startsWith('-') && text.endsWith(`=${was}`)))
      return form.make(`${text.slice(0, text.length - was.length)}${name}${from === null ? '@' : sign}${to}`)
  }
  return value
}

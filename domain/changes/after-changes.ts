import type { ChangeInput } from '@upkeep/contract/change'
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
  path: string
  server: string
  project: string | null
}

/** The inputs of changes that were made after a time and stand, the oldest first, with the change that each belongs to. */
export function standingInputs(
  changes: readonly SeenChange[],
  after: string,
  entry: ChangedEntry,
): { change: SeenChange; input: ChangeInput }[] {
  return changes
    .filter(({ appliedAt, undoingAt }) => appliedAt !== null && appliedAt > after && undoingAt === null)
    .toSorted((a, b) => ((a.appliedAt ?? '') < (b.appliedAt ?? '') ? -1 : 1))
    .flatMap((change) => change.inputs.map((input) => ({ change, input })))
    .filter(({ input }) => isAbout(input, entry))
}

function isAbout(input: ChangeInput, { path, server, project }: ChangedEntry): boolean {
  if (input.path !== path) return false
  if (!('server' in input)) return input.kind === 'set-file-mode'
  return input.server === server && (input.project ?? null) === project
}

/**
 * A state as it is once these inputs were made of it: what somebody approved, together with what was approved later. Whatever differs from
 * that was approved by nobody. An input that does not fit the state changes nothing, and so authorises nothing.
 */
export function afterInputs<Value, Parts extends ChangedParts<Value>>(
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

import type { SecretPlace } from '@upkeep/contract/changes/move-secret'
import { analyseLaunch } from '../client-formats/launch.ts'
import type { PlacedEntry } from '../client-formats/raw-entry.ts'
import type { ReferenceStyle } from '../redaction/references.ts'
import { type EntryFile, type EntryName, editEntry, findEntry } from './entry-file.ts'
import { type Edited, isRefused, refused, type TextEdit } from './text-edit.ts'

/** Puts a reference that the client itself expands in the place of a secret; what stands before the secret in its value stays. */
export function referTo(file: EntryFile, name: EntryName, place: SecretPlace, value: string): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const { places } = found.entry
  const path =
    place.in === 'argument'
      ? [...places.args, place.index]
      : [...(place.in === 'env' ? places.env : places.headers), place.name]
  return editEntry(file, name, [{ kind: 'set', path, value }], (entry) => literalAt(entry, place) === value)
}

/** The text that an entry has at a place; null where there is none. */
export function literalAt({ env, headers, args }: PlacedEntry, place: SecretPlace): string | null {
  if (place.in === 'argument') return args[place.index] ?? null
  return (place.in === 'env' ? env : headers).get(place.name) ?? null
}

/** What a launcher of ours is told of one secret: under which name, and from where it fetches it. */
export interface Fetched {
  name: string
  source: string
  /** What stands before the secret in its argument. */
  before: string
}

/**
 * Makes an entry start through our launcher, which fetches the secret: as a variable, or into the argument in which it stood. What is
 * started behind it is the same as before.
 */
export function launchWith(
  file: EntryFile,
  name: EntryName,
  place: Exclude<SecretPlace, { in: 'header' }>,
  fetched: Fetched,
  { program, expands }: { program: readonly string[]; expands: readonly ReferenceStyle[] },
): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const { entry } = found
  const { command, args, places } = entry
  if (command === null) return refused('no-such-path', 'it starts no command')
  if (/\s/.test(command))
    return refused('not-expressible', 'its command is a whole line: split it into a command and arguments')
  const stood = standIn(fetched, expands)
  const emptied = place.in === 'env' ? args : args.with(place.index, stood)
  const told = [place.in === 'env' ? '--set' : '--fill', fetched.name, fetched.source]
  const [first = '', ...words] = [...program, 'run-with']
  const at = command === first && words.every((word, index) => args[index] === word) ? args.indexOf('--') : -1
  const added = at >= 0 ? told : [...words, ...told, '--', command]
  const wanted = at >= 0 ? emptied.toSpliced(at, 0, ...told) : [...added, ...emptied]
  const out: TextEdit[] =
    place.in === 'env'
      ? [{ kind: 'remove', path: [...places.env, place.name] }]
      : [{ kind: 'set', path: [...places.args, place.index], value: stood }]
  const start: TextEdit[] = at >= 0 ? [] : [{ kind: 'set', path: places.command, value: first }]
  const edits = [...out, ...start, ...putIn(entry, added, Math.max(at, 0))]
  const same = (now: PlacedEntry) =>
    now.command === first &&
    now.args.join('\0') === wanted.join('\0') &&
    (place.in !== 'env' || !now.env.has(place.name)) &&
    JSON.stringify(analyseLaunch(now.command, now.args).launch) ===
      JSON.stringify(analyseLaunch(command, emptied).launch)
  return editEntry(file, name, edits, same)
}

/** Where the secret goes is written in a form that the client leaves as it is. */
function standIn({ name, before }: Fetched, expands: readonly ReferenceStyle[]): string {
  return `${before}${expands.includes('mustache') ? `\${env:${name}}` : `{{${name}}}`}`
}

/** Words put in before the argument that stood at a place. */
export function putIn({ args, places }: PlacedEntry, words: readonly string[], at: number): TextEdit[] {
  if (args.length === 0) return [{ kind: 'set', path: places.args, value: words }]
  // From the last to the first, each before the one that stood there.
  return words.toReversed().map((value): TextEdit => ({ kind: 'insert', path: [...places.args, at], value }))
}

import { analyseLaunch } from '../client-formats/launch.ts'
import { behindLauncher } from '../client-formats/our-launcher.ts'
import type { PlacedEntry } from '../client-formats/raw-entry.ts'
import { confinementAmong } from '../confinement/confined-words.ts'
import { type EntryFile, type EntryName, editEntry, findEntry } from './entry-file.ts'
import { putIn } from './move-secret.ts'
import { type Edited, isRefused, refused, type TextEdit } from './text-edit.ts'

/** Our own program, and the profile that it is told. */
export interface Walls {
  program: readonly string[]
  profile: string
  sealed: string
}

/** The command line that an entry starts behind our launchers, as it is written. */
export function lineBehind({ command, args }: Pick<PlacedEntry, 'command' | 'args'>): string[] {
  const at = behindLauncher(args)
  return at > 0 ? args.slice(at) : [...(command === null ? [] : [command]), ...args]
}

/** A profile is for exactly one command line: its launcher would start no other. */
export const whereConfined =
  'it is confined, and its walls are for exactly this command line: take the confinement back first ("upkeep undo"), and confine it again afterwards'

/**
 * Makes an entry start its server behind walls: our launcher stands in front of the same command, behind the one that fetches secrets. An
 * entry that is confined already gets the other profile.
 */
export function confineEntry(file: EntryFile, name: EntryName, { program, profile, sealed }: Walls): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  const { entry } = found
  const { command, args, places } = entry
  if (command === null) return refused('no-such-path', 'it starts no command')
  if (/\s/.test(command))
    return refused('not-expressible', 'its command is a whole line: split it into a command and arguments')
  const before = confinementAmong(args)
  const told = ['run-confined', '--profile', profile, '--sealed', sealed, '--']
  const [first = '', ...others] = program
  const edits: TextEdit[] = []
  let wanted: string[]
  if (before !== null) {
    wanted = args.toSpliced(before.at, told.length, ...told)
    edits.push({ kind: 'set', path: [...places.args, before.at + 2], value: profile })
    edits.push({ kind: 'set', path: [...places.args, before.at + 4], value: sealed })
  } else if (command === first && args[1] === 'run-with' && args.includes('--')) {
    const at = args.indexOf('--') + 1
    wanted = args.toSpliced(at, 0, ...program, ...told)
    edits.push(...putIn(entry, [...program, ...told], at))
  } else {
    wanted = [...others, ...told, command, ...args]
    edits.push({ kind: 'set', path: places.command, value: first }, ...putIn(entry, [...others, ...told, command], 0))
  }
  const start = before === null && args[1] !== 'run-with' ? first : command
  const launch = JSON.stringify(analyseLaunch(command, args).launch)
  const same = (now: PlacedEntry) =>
    now.command === start &&
    now.args.join('\0') === wanted.join('\0') &&
    JSON.stringify(analyseLaunch(start, now.args).launch) === launch
  return editEntry(file, name, edits, same)
}

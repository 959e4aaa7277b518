import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Installation } from '@upkeep/contract/observations/resolved-package'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { digestOf } from '../canonical-json.ts'
import { ownArguments, planned, shownCommand } from './own-arguments.ts'

/** The file that a launcher would start, found among the installed bytes. */
export interface StartFile {
  runtime: RunPlan['runtime']
  file: string
  packages: string | null
  searches?: readonly string[]
  /** Folders whose bytes it needs. */
  shows: readonly string[]
}

/** What of a declaration a consent is about: all that changes what is started, and nothing that does not. */
export function commandDigest(server: DeclaredServer): string {
  const { command, args, env, cwd, launch } = server
  return digestOf({ command, args, env, cwd, launch })
}

/** The plan for running a declared server's own bytes in the sandbox; a text says why there is none. */
export function planRun(server: DeclaredServer, copy: Installation, start: StartFile): RunPlan | string {
  const args = ownArguments(server)
  if (args === null) return 'its command is one line of words: which of them reach the server is not known'
  const env = Object.fromEntries(Object.entries(server.env).map(([name, value]) => [name, planned(value, name)]))
  return {
    command: commandDigest(server),
    bytes: copy.digest,
    shown: shownCommand(server),
    runtime: start.runtime,
    file: start.file,
    packages: start.packages,
    ...(start.searches === undefined || start.searches.length === 0 ? {} : { searches: [...start.searches] }),
    args,
    env,
    shows: [...start.shows],
    folders: foldersAmong(args.map(({ text }) => text)),
  }
}

/** Absolute paths among the arguments, and behind the `=` of one. */
export function foldersAmong(args: readonly string[]): string[] {
  const paths = args.flatMap((text) => {
    const value = text.startsWith('--') && text.includes('=') ? text.slice(text.indexOf('=') + 1) : text
    return /^\/[^\0]*$/.test(value) && !value.split('/').includes('..') ? [value.replace(/\/+$/, '') || '/'] : []
  })
  return [...new Set(paths)].filter((path) => path !== '/').slice(0, 100)
}

import { confinementAmong } from '../confinement/confined-words.ts'

/** Where in the arguments of an entry the command of its server begins: behind the words of our own launchers, or at 0 where it has none. */
export function behindLauncher(args: readonly string[]): number {
  const confined = confinementAmong(args)
  if (confined !== null) return confined.behind
  // `node upkeep.js run-with … -- command`, or `upkeep run-with … -- command`.
  const own = args.slice(0, 2).indexOf('run-with')
  const dashes = own < 0 ? -1 : args.indexOf('--', own)
  return dashes < 0 ? 0 : dashes + 1
}

/** A secret that our launcher fetches when a server starts. `index` is the place of its source in the arguments of the entry. */
export interface LaunchedSecret {
  name: string
  source: string
  index: number
}

/** The secrets that our launcher is told of in the arguments of an entry. */
export function launchedSecrets(args: readonly string[]): LaunchedSecret[] {
  const found: LaunchedSecret[] = []
  const end = behindLauncher(args) - 1
  for (let at = args.indexOf('run-with') + 1; at + 2 < end; at += 3) {
    const [kind, name, source] = args.slice(at, at + 3)
    if ((kind === '--set' || kind === '--fill') && name !== undefined && source !== undefined)
      found.push({ name, source, index: at + 2 })
  }
  return found
}

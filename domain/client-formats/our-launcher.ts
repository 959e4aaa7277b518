/** Where in the arguments of an entry the command of its server begins: behind the words of our own launcher, or at 0 where it has none. */
export function behindLauncher(args: readonly string[]): number {
  // `node upkeep.js run-with … -- command`, or `upkeep run-with … -- command`.
  const own = args.slice(0, 2).indexOf('run-with')
  const dashes = own < 0 ? -1 : args.indexOf('--', own)
  return dashes < 0 ? 0 : dashes + 1
}

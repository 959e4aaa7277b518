import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { SandboxRun } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import { outsideOf } from './runtime-of.ts'

/**
 * Why the files that a run begins with could not be read inside, where its user is nobody: each place that is shown, and the words of the
 * command that lie in one, up to it. Null when they can be read. What the program opens later it says itself.
 */
export function unreadableInside({
  argv,
  beside = [],
  shows,
}: Pick<SandboxRun, 'argv' | 'beside' | 'shows'>): string | null {
  const words = [argv, ...beside.map((one) => one.argv)].flat()
  const started = words.flatMap((word) => {
    const place = shows.find(({ inside }) => word.startsWith(`${inside}/`))
    return place === undefined ? [] : upTo(outsideOf(word, shows), place.outside)
  })
  const closed = [...shows.map(({ outside }) => outside), ...started].find((path) => !isOpen(path))
  if (closed === undefined) return null
  const name = printable(basename(closed), { maxLength: 80 })
  return `"${name}" may be read by its owner alone, and as root a server is run as nobody: let others read it (chmod o+rX), or run upkeep as its owner`
}

/** A path and the folders above it, to the place that is shown. */
function upTo(path: string, place: string): string[] {
  return path === place || path.length <= place.length ? [] : [...upTo(dirname(path), place), path]
}

/** Whether others may read it, and enter it where it is a folder; what is not there is said elsewhere. */
function isOpen(path: string): boolean {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (facts === undefined) return true
  const needed = facts.isDirectory() ? 0o5 : 0o4
  return (facts.mode & needed) === needed
}

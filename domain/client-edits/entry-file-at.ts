import type { Place } from '@upkeep/contract/place'
import { configPaths, type LookedAt } from '../client-formats/config-paths.ts'
import type { EntryFile } from './entry-file.ts'

/** What a file is to which client, by where it lies in one of the places; null where it is no client's file that is edited. */
export function entryFileAt(places: readonly Place[], path: string, text: string): EntryFile | null {
  const found = lookedAt(places, path)
  return found === null ? null : { text, path, client: found.client.client, location: found.location }
}

/** How a file is looked at in one of the places; null where it is no client's file. */
export function lookedAt(places: readonly Place[], path: string): LookedAt | null {
  for (const place of places) {
    const found = configPaths(place).find((looked) => fits(looked.path, path))
    if (found !== undefined) return { ...found, path }
  }
  return null
}

/** A path with a `*` in one of its parts stands for every name that fits there. */
function fits(pattern: string, path: string): boolean {
  if (!pattern.includes('*')) return pattern === path
  const [wanted, given] = [pattern, path].map((each) => each.split(/[\\/]/))
  if (wanted === undefined || given === undefined || wanted.length !== given.length) return false
  return wanted.every((part, index) => {
    const [before, after] = part.split('*')
    const name = given[index] ?? ''
    if (after === undefined || before === undefined) return name === part
    return name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after)
  })
}

import type { FilesPort, Refusal } from '@upkeep/contract/ports'
import type { LookedAt } from '@upkeep/domain/client-formats/config-paths'

/** A path to read, or why a folder that may hold such files could not be listed. */
export type FoundFile = { state: 'path'; looked: LookedAt } | { state: 'refused'; path: string; refusal: Refusal }

const maxFiles = 200

/** The paths that a looked-at path stands for: itself, or with a `*` every name in its folder that fits. */
export function findFiles(looked: LookedAt, files: FilesPort): readonly FoundFile[] {
  if (!looked.location.path.includes('*')) return [{ state: 'path', looked }]
  const separator = looked.path.startsWith('/') ? '/' : '\\'
  const parts = looked.path.split(separator)
  const at = parts.findLastIndex((part) => part.includes('*'))
  const folder = parts.slice(0, at).join(separator)
  const listed = files.list(folder, maxFiles)
  if (listed.state === 'absent') return []
  if (listed.state === 'unavailable') return [{ state: 'refused', path: folder, refusal: listed }]
  const [before = '', after = ''] = (parts[at] ?? '').split('*')
  const found = listed.names
    .filter((name) => name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after))
    .map(
      (name): FoundFile => ({
        state: 'path',
        looked: { ...looked, path: [folder, name, ...parts.slice(at + 1)].join(separator) },
      }),
    )
  return listed.truncated ? [...found, { state: 'refused', path: folder, refusal: tooMany }] : found
}

const tooMany: Refusal = {
  state: 'unavailable',
  code: 'too-large',
  reason: `more than ${maxFiles} names in the folder; the others were not looked at`,
}

/**
 * Whom a refusal is about: the path, or where a folder on the way cannot be entered that folder, so that one closed door is reported
 * once and not once per file that may lie behind it.
 */
export function refusedPath(path: string, refusal: Refusal, files: FilesPort): string {
  if (refusal.code !== 'permission-denied') return path
  let here = path
  for (let left = 100; left > 0; left -= 1) {
    if (files.inspect(here).state === 'present') return here
    const parent = here.slice(0, Math.max(here.lastIndexOf('/'), here.lastIndexOf('\\')))
    if (parent === '' || parent === here) return here
    here = parent
  }
  return path
}

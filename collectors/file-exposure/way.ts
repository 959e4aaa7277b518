import type { FileFacts, FilesPort, Refusal } from '@upkeep/contract/ports'

/** A file behind its links: its own facts, and every folder through which it, or a link to it, is reached. */
export interface Way {
  state: 'present'
  realPath: string
  facts: FileFacts
  /** By real path; a folder's own folders are among them. */
  folders: ReadonlyMap<string, FileFacts>
}

/**
 * Follows an absolute path part by part. Where a part is a link, the folders on the way to what it leads to are on the way too: whoever
 * can write one of them can put another file in its place.
 */
export function followWay(path: string, files: FilesPort): Way | Refusal {
  const folders = new Map<string, FileFacts>()
  let here = ''
  for (const part of path.split('/').filter((each) => each !== '')) {
    const refusal = addFolder(here === '' ? '/' : here, folders, files)
    if (refusal !== null) return refusal
    const real = realOf(`${here}/${part}`, folders, files)
    if (typeof real !== 'string') return real
    here = real
  }
  const facts = files.inspect(here)
  if (facts.state === 'present') return { state: 'present', realPath: here, facts, folders }
  return facts.state === 'absent' ? gone : facts
}

/** The path itself, or what it leads to where it is a link. */
function realOf(path: string, folders: Map<string, FileFacts>, files: FilesPort): string | Refusal {
  const facts = files.inspect(path)
  if (facts.state !== 'present') return facts.state === 'absent' ? gone : facts
  return facts.type === 'link' ? behindLink(path, folders, files) : path
}

const gone: Refusal = {
  state: 'unavailable',
  code: 'changed-while-reading',
  reason: 'the file went away while its folders were looked at',
}

/** The real path behind a link; the folders above it are noted. */
function behindLink(link: string, folders: Map<string, FileFacts>, files: FilesPort): string | Refusal {
  const resolved = files.resolve(link)
  if (resolved.state !== 'present') return resolved.state === 'absent' ? gone : resolved
  for (const folder of foldersAbove(resolved.path)) {
    const refusal = addFolder(folder, folders, files)
    if (refusal !== null) return refusal
  }
  return resolved.path
}

/** `/`, `/a` and `/a/b` for `/a/b/c`. */
export function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '')
  return parts.map((_, count) => `/${parts.slice(0, count).join('/')}`)
}

function addFolder(path: string, folders: Map<string, FileFacts>, files: FilesPort): Refusal | null {
  if (folders.has(path)) return null
  const facts = files.inspect(path)
  if (facts.state === 'absent') return gone
  if (facts.state === 'unavailable') return facts
  folders.set(path, facts)
  return null
}

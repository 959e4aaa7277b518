import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Place } from '@upkeep/contract/place'
import type { Absent, FilesPort, MemoryPort, Refusal } from '@upkeep/contract/ports'

/** One search for what an entry launches: where it looks, and what it could not look at. */
export interface Search {
  files: FilesPort
  place: Place
  server: DeclaredServer
  /** What was worked out earlier from the same bytes; left out, everything is worked out anew. */
  memory?: MemoryPort
  /** Places on the way that could not be read. A search with any of these never says that nothing is there. */
  blocked: { path: string; refusal: Refusal }[]
}

/** Notes a refusal, so that it is not taken for absence. */
export function noteBlocked(search: Search, path: string, result: { state: string } | Absent | Refusal): void {
  if ('code' in result && result.state === 'unavailable') search.blocked.push({ path, refusal: result })
}

/** Names in a folder; empty when there is none, noted when it could not be read. */
export function namesIn(search: Search, path: string, most: number): string[] {
  const listed = search.files.list(path, most)
  if (listed.state === 'present') return listed.names
  // A file where a folder could be is no folder: nothing is hidden behind it.
  if (listed.state === 'unavailable' && listed.code !== 'not-a-file') noteBlocked(search, path, listed)
  return []
}

/** True when a folder is there, links followed. */
export function isFolder(search: Search, path: string): boolean {
  const real = search.files.resolve(path)
  if (real.state !== 'present') {
    noteBlocked(search, path, real)
    return false
  }
  const facts = search.files.inspect(real.path)
  return facts.state === 'present' && facts.type === 'folder'
}

/** The folder that holds a path; the root holds itself. Both kinds of slash separate. */
export function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return cut <= 0 ? '/' : path.slice(0, cut)
}

/** A folder and every folder that holds it, from the inside out, at most 64. */
export function upwards(folder: string): string[] {
  const found = [folder]
  for (let at = folder; found.length < 64 && parentOf(at) !== at; ) {
    at = parentOf(at)
    found.push(at)
  }
  return found
}

/** True for a path that names its place without a working folder. */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)
}

/** `path` as seen from `root`; as it is when it lies elsewhere. */
export function relativeTo(root: string, path: string): string {
  if (path === root) return '.'
  return path.startsWith(root === '/' ? '/' : `${root}/`) ? path.slice(root === '/' ? 1 : root.length + 1) : path
}

/** A hostile name made fit for a sentence: bounded, without control characters, well-formed. */
export function shown(text: string): string {
  return text
    .slice(0, 200)
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd')
    .toWellFormed()
}

/** The value that the entry or its surroundings give a variable, whatever its case. A value that is not shown blocks the search. */
export function variable(search: Search, name: string): string | null {
  const wanted = name.toLowerCase()
  for (const [key, value] of Object.entries(search.server.env)) {
    if (key.toLowerCase() !== wanted || value.kind === 'empty') continue
    if (value.kind === 'plain') return value.text
    const reason = `the entry sets ${name} to a value that is not shown`
    search.blocked.push({ path: name, refusal: { state: 'unavailable', code: 'not-supported', reason } })
    return null
  }
  for (const [key, value] of Object.entries(search.place.env)) {
    if (key.toLowerCase() === wanted && value !== '') return value
  }
  return null
}

/** Where the client would start the entry, and whether that is only assumed. */
export function startFolder(search: Search): { path: string; assumed: boolean } {
  const named = search.server.cwd ?? search.server.project
  if (named !== null && isAbsolute(named)) return { path: named, assumed: false }
  return { path: search.place.home, assumed: true }
}

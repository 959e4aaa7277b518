import type { FilesPort, PlacesPort, Refusal } from '@upkeep/contract/ports'
import type { EntryFile, EntryName } from './entry-file.ts'
import { readEntryFile } from './read-entry-file.ts'

/** Which entry a change is about, by what records say of it. */
export interface RecordedEntry {
  path: string
  server: string
  project?: string | null | undefined
}

/** The file of an entry that records name, and the name that the entry has in it; or why it cannot be edited. */
export function openNamedEntry(
  { path, server, project }: RecordedEntry,
  ports: { files: FilesPort; places: PlacesPort },
): { state: 'read'; file: EntryFile; name: EntryName } | Refusal {
  if (isHidden(server) || isHidden(project ?? ''))
    return {
      state: 'unavailable',
      code: 'not-supported',
      reason: `an entry in ${path} has a name that is not shown, as it could be a secret: give the entry a plain name first`,
    }
  const read = readEntryFile(path, ports)
  if (read.state === 'unavailable') return read
  // In a project's own file the entries are the file's: only a user's file has them by project.
  const isProjectFile = read.file.location.path.startsWith('{project}')
  return { ...read, name: { name: server, project: isProjectFile ? null : (project ?? null) } }
}

/** Records hold a keyed hash in the place of a name that could be a secret, and at the end of a very long one. */
function isHidden(name: string): boolean {
  return /^hidden-[0-9a-f]{16}$/.test(name) || /^.{200,}-[0-9a-f]{16}$/s.test(name)
}

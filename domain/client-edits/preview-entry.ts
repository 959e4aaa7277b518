import type { FilesPort, PlacesPort, Refusal } from '@upkeep/contract/ports'
import type { Preview } from '@upkeep/contract/remediation'
import type { EntryFile, EntryName } from './entry-file.ts'
import { openNamedEntry, type RecordedEntry } from './named-entry.ts'
import type { Edited } from './text-edit.ts'

/** What a change of one entry says of itself. */
export interface EntryPreview {
  edited: Edited
  /** The difference for a reader, secrets hidden. */
  shown: readonly string[]
  summary: readonly string[]
  limits?: readonly string[]
}

export const untilRestarted = 'a client that runs keeps its old server until it is started again'

/** The preview of a change of one entry; one that is made already has no effect. */
export function previewEntry(
  input: RecordedEntry,
  ports: { files: FilesPort; places: PlacesPort },
  preview: (file: EntryFile, name: EntryName) => EntryPreview | Refusal,
): Preview | Refusal {
  const opened = openNamedEntry(input, ports)
  if (opened.state === 'unavailable') return opened
  const previewed = preview(opened.file, opened.name)
  if ('state' in previewed) return previewed
  const { edited, shown, summary, limits = [untilRestarted] } = previewed
  if (edited.state === 'refused') return refusedEntry(input, edited.reason)
  const to = { text: edited.text }
  return {
    state: 'possible',
    effects: edited.text === opened.file.text ? [] : [{ kind: 'file', path: input.path, to, shown }],
    summary,
    limits,
    irreversible: [],
  }
}

/** Why one entry is not changed. */
export function refusedEntry({ server, path }: RecordedEntry, reason: string): Refusal {
  return { state: 'unavailable', code: 'not-supported', reason: `${server} in ${path}: ${reason}` }
}

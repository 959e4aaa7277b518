import type { ChangeOf } from '@upkeep/contract/change'
import type { FilesPort, PlacesPort, SecretsPort } from '@upkeep/contract/ports'
import type { FileEffect } from '@upkeep/contract/remediation'
import type { EntryFile, EntryName } from '@upkeep/domain/client-edits/entry-file'
import type { Edited } from '@upkeep/domain/client-edits/text-edit'
import type { PlacedEntry } from '@upkeep/domain/client-formats/raw-entry'

/** One credential of one entry, with what it takes to replace it. */
export interface Rotating {
  input: ChangeOf<'rotate-credential'>
  file: EntryFile
  name: EntryName
  entry: PlacedEntry
  ports: { files: FilesPort; places: PlacesPort; secrets: SecretsPort }
}

/** What a rotation comes to: effects, or that it was made already, or why not. */
export type Rotated =
  | { state: 'edited'; edited: Edited }
  | { state: 'file'; effect: FileEffect }
  | { state: 'made' }
  | { state: 'not'; reason: string }

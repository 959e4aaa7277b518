import type { ChangeOf } from '@upkeep/contract/change'
import type { FilesPort, PlacesPort, Refusal, SecretsPort } from '@upkeep/contract/ports'
import type { FileEffect } from '@upkeep/contract/remediation'
import type { EntryFile } from '@upkeep/domain/client-edits/entry-file'
import { entryFileAt } from '@upkeep/domain/client-edits/entry-file-at'
import { ownFolder, plainFileName } from '@upkeep/domain/client-edits/own-folder'
import { refusedEntry } from '@upkeep/domain/client-edits/preview-entry'
import { saltedSecretFile } from '@upkeep/domain/client-edits/secret-file'
import type { FoundSecret } from '@upkeep/domain/client-edits/secret-of'
import { joinPath } from '@upkeep/domain/client-formats/join-path'

interface Moving {
  input: ChangeOf<'move-secret'>
  file: EntryFile
  found: FoundSecret
}
type Ports = { files: FilesPort; places: PlacesPort; secrets: SecretsPort }

/** The file that the secret goes to, and what makes it; one that holds this very secret already is used again. */
export function secretFileFor(
  { input, file, found }: Moving,
  { files, places, secrets }: Ports,
): { path: string; effects: FileEffect[] } | Refusal {
  const place = places.list().find((each) => entryFileAt([each], file.path, '') !== null)
  if (place === undefined) return refusedEntry(input, 'it lies in no home of a person')
  const folder = ownFolder(place, 'secrets')
  const stem = joinPath(folder, `/${plainFileName(file.client, input.server, found.name)}`)
  for (let count = 1; count < 10; count += 1) {
    const path = count === 1 ? stem : `${stem}.${count}`
    const bytes = new TextEncoder().encode(saltedSecretFile(path, found.secret, secrets.fingerprint))
    const read = files.read(path, bytes.length)
    if (read.state === 'absent')
      return { path, effects: [{ kind: 'file', path, to: { bytes, mode: 0o600 }, shown: ['+the secret, mode 0600'] }] }
    if (read.state === 'present' && isSame(read.bytes, bytes) && (read.facts.mode & 0o077) === 0)
      return { path, effects: [] }
  }
  return refusedEntry(input, `too many secrets of that name lie in ${folder}`)
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

import type { FilesPort, PlacesPort, Refusal } from '@upkeep/contract/ports'
import { utf8Text } from '../archives/byte-text.ts'
import { maxBytesOf } from '../client-formats/parse-text.ts'
import type { EntryFile } from './entry-file.ts'
import { entryFileAt } from './entry-file-at.ts'

/** A client's file as it is now, ready to be edited; or why it cannot be: it is gone, no client's, or no UTF-8. */
export function readEntryFile(
  path: string,
  { files, places }: { files: FilesPort; places: PlacesPort },
): { state: 'read'; file: EntryFile } | Refusal {
  const placed = entryFileAt(places.list(), path, '')
  if (placed === null) return refusal('not-supported', `${path} is no file of a client that is edited`)
  const read = files.read(path, maxBytesOf[placed.location.format])
  if (read.state === 'absent') return refusal('unreachable', `${path} is not there`)
  if (read.state === 'unavailable') return refusal(read.code, `${path}: ${read.reason}`)
  const text = utf8Text(read.bytes)
  // What stands for broken bytes would be written back in their place.
  if (text.includes('\uFFFD')) return refusal('malformed', `${path} is not UTF-8 throughout`)
  return { state: 'read', file: { ...placed, text } }
}

function refusal(code: Refusal['code'], reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}

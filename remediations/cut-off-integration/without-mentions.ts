import type { ChangeOf } from '@upkeep/contract/change'
import type { FilesPort, PlacesPort, Refusal } from '@upkeep/contract/ports'
import type { Preview } from '@upkeep/contract/remediation'
import { utf8Text } from '@upkeep/domain/archives/byte-text'
import { editText } from '@upkeep/domain/client-edits/edit-text'
import { entryFileAt } from '@upkeep/domain/client-edits/entry-file-at'
import { mentionsOf } from '@upkeep/domain/client-edits/server-mentions'
import { maxBytesOf, parseText } from '@upkeep/domain/client-formats/parse-text'
import { settingsFiles } from '@upkeep/domain/client-formats/settings-files'

/** Takes what names a server out of the lists of a client's settings. */
export function withoutMentions(
  input: ChangeOf<'cut-off-integration'>,
  { files, places }: { files: FilesPort; places: PlacesPort },
): Preview | Refusal {
  const { path, server } = input
  const location = entryFileAt(places.list(), path, '')?.location
  const isSettings = places.list().some((place) => settingsFiles(place).includes(path))
  if (location === undefined && !isSettings) return refused(`${path} is no file of a client that is edited`)
  const format = location?.format ?? 'json'
  const read = files.read(path, maxBytesOf[format])
  if (read.state === 'unavailable') return refused(`${path}: ${read.reason}`)
  if (read.state === 'absent') return possible([], [])
  const text = utf8Text(read.bytes)
  const parsed = parseText(text, format, location?.keep)
  if (parsed.state === 'refused' || text.includes('\uFFFD')) return refused(`${path} is not well formed`)
  const mentions = mentionsOf(parsed.tree, server)
  const edited = editText(
    text,
    format,
    mentions.map((at) => ({ kind: 'remove', path: at })),
  )
  if (edited.state === 'refused') return refused(`${path}: ${edited.reason}`)
  if (mentions.length === 0) return possible([], [])
  const shown = mentions.map((at) => `-${at.slice(0, -1).join('.')}: what names ${server}`)
  const count = mentions.length === 1 ? 'one item names' : `${mentions.length} items name`
  return possible([{ kind: 'file', path, to: { text: edited.text }, shown }], [`${count} ${server} in ${path} and go`])
}

function possible(effects: Preview['effects'], summary: readonly string[]): Preview {
  return { state: 'possible', effects, summary, limits: [], irreversible: [] }
}

function refused(reason: string): Refusal {
  return { state: 'unavailable', code: 'not-supported', reason }
}

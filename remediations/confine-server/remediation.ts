import type { ChangeOf } from '@upkeep/contract/change'
import type { FilesPort, PlacesPort, Refusal } from '@upkeep/contract/ports'
import { defineRemediation, type FileEffect } from '@upkeep/contract/remediation'
import { canonicalJson, digestOfText } from '@upkeep/domain/canonical-json'
import { confineEntry, lineBehind } from '@upkeep/domain/client-edits/confine-entry'
import { type EntryFile, findEntry } from '@upkeep/domain/client-edits/entry-file'
import { entryFileAt } from '@upkeep/domain/client-edits/entry-file-at'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { ownFolder, plainFileName } from '@upkeep/domain/client-edits/own-folder'
import { refusedEntry, untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { joinPath } from '@upkeep/domain/client-formats/join-path'
import { confinementAmong, isSameLine } from '@upkeep/domain/confinement/confined-words'
import { profileLimits, profileWords } from '@upkeep/domain/confinement/profile-words'

type Input = ChangeOf<'confine-server'>
type Reached = { files: FilesPort; places: PlacesPort }

/** Puts a server behind walls: its profile into a file, sealed by its digest in the command line that starts it. */
export const confineServer = defineRemediation({
  makes: 'confine-server',
  version: 1,
  title: 'Start a server behind walls',
  reaches: ['files', 'places'],
  preview(input, ports) {
    const opened = openNamedEntry(input, ports)
    if (opened.state === 'unavailable') return opened
    const { file, name } = opened
    const found = findEntry(file, name)
    if ('code' in found) return refusedEntry(input, found.reason)
    if (!isSameLine(lineBehind(found.entry), input.profile.words))
      return refusedEntry(input, 'it starts something else now than when its profile was drawn')
    const kept = profileFile(input, file, confinementAmong(found.entry.args)?.profile ?? null, ports)
    if ('state' in kept) return kept
    const walls = { program: ports.places.ownProgram(), profile: kept.path, sealed: kept.sealed }
    const edited = confineEntry(file, name, walls)
    if (edited.state === 'refused') return refusedEntry(input, edited.reason)
    const shown = [`-${input.server}: started as its user`, `+${input.server}: started behind walls, by ${kept.path}`]
    const entry: FileEffect = { kind: 'file', path: input.path, to: { text: edited.text }, shown }
    return {
      state: 'possible',
      effects: [...kept.effects, ...(edited.text === file.text ? [] : [entry])],
      summary: profileWords(input.profile),
      limits: [untilRestarted, ...profileLimits(input.profile)],
      irreversible: [],
    }
  },
})

/** Where the profile goes: to the file that the entry names already, or to the first of its name that is nobody's. */
function profileFile(
  { profile, ...input }: Input,
  { path: client, client: id }: EntryFile,
  named: string | null,
  { files, places }: Reached,
): { path: string; sealed: string; effects: FileEffect[] } | Refusal {
  const place = places.list().find((each) => entryFileAt([each], client, '') !== null)
  if (place === undefined) return refusedEntry(input, 'it lies in no home of a person')
  const folder = ownFolder(place, 'confined')
  const text = `${canonicalJson(profile)}\n`
  const sealed = digestOfText(text)
  const bytes = new TextEncoder().encode(text)
  for (let count = 1; count < 20; count += 1) {
    const path = joinPath(folder, `/${plainFileName(id, input.server)}${count === 1 ? '' : `.${count}`}.json`)
    const read = files.read(path, 4 << 20)
    if (read.state === 'present' && isSame(read.bytes, bytes)) return { path, sealed, effects: [] }
    if (read.state !== 'absent' && path !== named) continue
    const shown = [`+the profile of ${input.server}, SHA-256 ${sealed}`]
    return { path, sealed, effects: [{ kind: 'file', path, to: { bytes, mode: 0o600 }, shown }] }
  }
  return refusedEntry(input, `too many profiles of that name lie in ${folder}`)
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

import { createHash } from 'node:crypto'
import type { ChangeOf } from '@upkeep/contract/change'
import type { CapturesPort, Refusal } from '@upkeep/contract/ports'
import { defineRemediation, type Preview } from '@upkeep/contract/remediation'
import { utf8Text } from '@upkeep/domain/archives/byte-text'
import { type EntryFile, type EntryName, findEntry, openFile } from '@upkeep/domain/client-edits/entry-file'
import { entryFileAt } from '@upkeep/domain/client-edits/entry-file-at'
import { entryWords } from '@upkeep/domain/client-edits/entry-words'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { refusedEntry, untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { restoreEntry } from '@upkeep/domain/client-edits/restore-entry'
import { takeAway } from '@upkeep/domain/client-edits/take-away'
import { isRefused } from '@upkeep/domain/client-edits/text-edit'
import { elsewhereLines, lostLines, secretLines } from './what-changes.ts'

type Input = ChangeOf<'restore-client-config'>

/** Puts an entry back to what a kept copy of its client's file says; of a file that cannot be read as its client's, all of it. */
export const restoreClientConfig = defineRemediation({
  makes: 'restore-client-config',
  version: 1,
  title: "Put a client's configuration back to a copy that was kept",
  reaches: ['files', 'places', 'secrets', 'captures'],
  preview(input, ports) {
    const placed = entryFileAt(ports.places.list(), input.path, '')
    if (placed === null) return refusedEntry(input, 'it is no file of a client that is edited')
    const kept = keptText(input, ports.captures)
    if (typeof kept !== 'string') return kept
    const copy = { ...placed, text: kept }
    const readable = openFile(copy)
    if (isRefused(readable)) return refusedEntry(input, `the copy that was kept: ${readable.reason}`)
    const now = openNamedEntry(input, ports)
    if (now.state === 'read' && !isBroken(now.file)) return oneEntry(input, now, copy, ports.secrets.fingerprint)
    const there = ports.files.read(input.path, maxBytes)
    if (there.state === 'unavailable') return refusedEntry(input, there.reason)
    if (now.state === 'unavailable' && there.state === 'present' && now.code !== 'malformed') return now
    return wholeCopy(input, copy, there.state === 'present' ? there.bytes.length : null)
  },
})

const maxBytes = 64 << 20

function keptText({ kept, ...input }: Input, captures: CapturesPort): string | Refusal {
  const read = captures.read(kept.of, kept.name)
  if (read.state === 'absent') return refusedEntry(input, 'the copy is no longer kept here')
  if (read.state === 'unavailable') return refusedEntry(input, `the copy that was kept: ${read.reason}`)
  if (createHash('sha256').update(read.bytes).digest('hex') !== kept.digest)
    return refusedEntry(input, 'the copy is not the one that the change is about')
  const text = utf8Text(read.bytes)
  return text.includes('\uFFFD') ? refusedEntry(input, 'the copy is not UTF-8 throughout') : text
}

/** Whether a client could not read it either. A file that is not to be edited is not broken. */
function isBroken(file: EntryFile): boolean {
  const opened = openFile(file)
  return isRefused(opened) && opened.code === 'malformed'
}

interface Now {
  file: EntryFile
  name: EntryName
}

function oneEntry(
  input: Input,
  { file, name }: Now,
  copy: EntryFile,
  fingerprint: (text: string) => string,
): Preview | Refusal {
  const was = findEntry(copy, name)
  if (isRefused(was) && was.code === 'no-such-path') return takenOut(input, { file, name })
  const edited = restoreEntry(file, copy, name)
  if (edited.state === 'refused' || isRefused(was)) return refusedEntry(input, isRefused(edited) ? edited.reason : '')
  const is = findEntry(file, name)
  const to = { text: edited.text }
  const [before, after] = [isRefused(is) ? null : is.entry, was.entry]
  const shown = [
    ...(before === null ? [] : [`-${name.name}: ${entryWords(before, file)}`]),
    `+${name.name}: ${entryWords(after, copy)}`,
  ]
  const between = { file, before, after, fingerprint }
  const effects = edited.text === file.text ? [] : [{ kind: 'file' as const, path: input.path, to, shown }]
  return {
    ...possible,
    effects,
    summary: [
      `${input.server} in ${input.path} ${before === null ? 'is declared again' : 'becomes'} as it was ${whenWords(input)}`,
    ],
    limits: [
      untilRestarted,
      ...(effects.length === 0 ? [] : lostLines(input.server, between)),
      ...(effects.length === 0 ? [] : secretLines(input.server, between)),
      ...elsewhereLines(input.server, between),
    ],
  }
}

const possible = { state: 'possible' as const, irreversible: [] }

function takenOut(input: Input, { file, name }: Now): Preview | Refusal {
  const taken = takeAway(file, name)
  if ('state' in taken) return refusedEntry(input, taken.reason)
  return {
    ...possible,
    effects: taken.effects,
    summary: [`${input.server} is taken out of ${input.path}: it was not declared there ${whenWords(input)}`],
    limits: [untilRestarted, ...(taken.effects.length === 0 ? [] : [`${input.server}: all of its entry is lost`])],
  }
}

/** Where nothing of the file can be read there is nothing to keep key by key. */
function wholeCopy(input: Input, copy: EntryFile, bytes: number | null): Preview {
  const opened = openFile(copy)
  const entries = isRefused(opened) ? [] : copy.location.read(opened.tree, copy.path).entries
  const lost = bytes === null ? [] : [`-${bytes} bytes that cannot be read as ${copy.location.format}`]
  const shown = [...lost, ...entries.map((entry) => `+${entry.name}: ${entryWords(entry, copy)}`)]
  return {
    ...possible,
    effects: [{ kind: 'file', path: input.path, to: { text: copy.text }, shown }],
    summary: [`${input.path} becomes what it was ${whenWords(input)}, byte for byte`],
    limits: [
      untilRestarted,
      bytes === null
        ? `${input.path} is gone: whatever was written into it after that copy does not come back`
        : `${input.path} cannot be read as its client's: all that was written into it after that copy is lost`,
    ],
  }
}

function whenWords({ kept: { at, of } }: Input): string {
  return `at ${at} (kept by ${of})`
}

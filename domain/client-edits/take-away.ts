import type { FileEffect } from '@upkeep/contract/remediation'
import { removeEntry } from './entry-edits.ts'
import { type EntryFile, type EntryName, findEntry } from './entry-file.ts'
import { entryWords } from './entry-words.ts'
import { isRefused, type RefusedEdit } from './text-edit.ts'

/** What taking an entry away does to its file. One that is not there is no change; a file that is the entry goes itself. */
export function takeAway(file: EntryFile, name: EntryName): { effects: readonly FileEffect[] } | RefusedEdit {
  const found = findEntry(file, name)
  if (isRefused(found)) return found.code === 'no-such-path' ? { effects: [] } : found
  const effect = { kind: 'file' as const, path: file.path, shown: [`-${name.name}: ${entryWords(found.entry, file)}`] }
  if (found.entry.places.at.length === 0) return { effects: [{ ...effect, to: 'absent' }] }
  const edited = removeEntry(file, name)
  if (isRefused(edited)) return edited
  return { effects: [{ ...effect, to: { text: edited.text } }] }
}

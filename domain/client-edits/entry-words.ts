import type { SafeValue } from '@upkeep/contract/observations/declared-server'
import { declareServer } from '../client-formats/declare-server.ts'
import type { PlacedEntry } from '../client-formats/raw-entry.ts'
import type { EntryFile } from './entry-file.ts'

/** What an entry starts or calls, on one line, for a person who shall decide about it: nothing of it could be a secret. */
export function entryWords(entry: PlacedEntry, { client, location, path }: EntryFile): string {
  const file = { client, scope: location.scope, path, project: null, expands: [] }
  const shown = declareServer(entry, file, () => '')
  const line = shown.command === null ? [shown.url ?? ''] : [shown.command, ...shown.args].map(wordOf)
  const names = [...Object.keys(shown.env), ...Object.keys(shown.headers)].map((name) => `${name}=…`)
  return [...line, ...(names.length === 0 ? [] : [`(${names.join(', ')})`])].join(' ')
}

function wordOf(value: string | SafeValue): string {
  if (typeof value === 'string') return value
  if (value.kind === 'hidden') return `${value.prefix ?? ''}…`
  return value.kind === 'empty' ? '""' : value.text
}

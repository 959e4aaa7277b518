import type { EntryChange } from '@upkeep/contract/entry-change'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Ports } from '@upkeep/contract/ports'
import { entryChanges } from '@upkeep/domain/changes/entry-change'
import { lookedAt } from '@upkeep/domain/client-edits/entry-file-at'
import type { LookedAt } from '@upkeep/domain/client-formats/config-paths'
import { declareAll } from '@upkeep/domain/client-formats/declare-server'
import { parseText } from '@upkeep/domain/client-formats/parse-text'
import type { Fingerprint } from '@upkeep/domain/redaction/safe-value'
import type { WorkedOut } from './plan-effects.ts'

const most = 1_000

/** What becomes of the entries of clients' files, by the very bytes that are there and that will be: secrets as keyed hashes. */
export function changedEntries(files: WorkedOut['files'], { places, secrets }: Ports): EntryChange[] {
  const fingerprint = (text: string) => secrets.fingerprint(text)
  return files
    .flatMap(({ path, now, to }) => {
      const looked = lookedAt(places.list(), path)
      if (looked === null) return []
      const [before, after] = [now, to].map((one) => declaredIn(looked, one, fingerprint))
      return before == null || after == null ? [] : entryChanges(before, after)
    })
    .slice(0, most)
}

/** Null where the file cannot be read as its client's: then nothing is said of its entries. */
function declaredIn(
  looked: LookedAt,
  file: { state: string; bytes?: Uint8Array },
  fingerprint: Fingerprint,
): DeclaredServer[] | null {
  if (file.bytes === undefined) return []
  const { format, keep, read } = looked.location
  const parsed = parseText(Buffer.from(file.bytes).toString('utf8'), format, keep)
  return parsed.state === 'parsed' ? declareAll(looked, read(parsed.tree, looked.path).entries, fingerprint) : null
}

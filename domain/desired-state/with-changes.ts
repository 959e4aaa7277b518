import type { LockedServer, LockedValue } from '@upkeep/contract/lock-file'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { afterInputs, type ChangedEntry, standingInputs, type ValueForm } from '../changes/after-changes.ts'
import { type LockFolders, onThisMachine, portable } from './lock-paths.ts'

/** What a server shall be: as its lock says, and as the changes that were approved and made since left it. */
export function withChanges(
  wanted: LockedServer,
  entry: ChangedEntry,
  { changes, since, folders }: { changes: readonly SeenChange[]; since: string; folders: LockFolders },
): LockedServer {
  const form: ValueForm<LockedValue> = {
    text: (value) => (typeof value === 'string' ? onThisMachine(value, folders) : null),
    make: (text) => portable(text, folders),
  }
  const inputs = standingInputs(changes, since, entry).map(({ input }) => input)
  const { args, autoApprove, disabled, mode } = afterInputs(wanted, inputs, form)
  return { ...wanted, args: [...args], autoApprove: [...autoApprove], disabled, mode }
}

import type { EntryParts } from '@upkeep/contract/entry-change'
import type { LockedServer, LockedValue } from '@upkeep/contract/lock-file'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { afterStanding, type ChangedEntry, type ChangedEntryParts, standingChanges } from '../changes/after-changes.ts'
import { fitsArguments, wholeEntry, withDifference } from '../changes/entry-change.ts'
import { type LockFolders, onThisMachine, portable } from './lock-paths.ts'
import { lockServer } from './lock-server.ts'

/** What a server shall be: as its lock says, and as the changes that were approved and made since left it. */
export function withChanges(
  wanted: LockedServer,
  entry: ChangedEntry,
  { changes, since, folders }: { changes: readonly SeenChange[]; since: string; folders: LockFolders },
): LockedServer {
  return afterStanding<LockedValue, LockedServer>(wanted, standingChanges(changes, since, entry), {
    text: (value) => (typeof value === 'string' ? onThisMachine(value, folders) : null),
    make: (text) => portable(text, folders),
    made: (before, made) => lockedAfter(before, made, folders),
  })
}

/** A lock has the names of variables and headers alone: that one comes or goes is what can be told. */
function lockedAfter(wanted: LockedServer, { was, is, ...named }: ChangedEntryParts, folders: LockFolders) {
  const partsOf = (parts: EntryParts) => {
    const declared = wholeEntry(parts, named)
    const all = comparable(lockServer({ declared, resolved: null, mode: null, surface: null }, folders))
    return Object.fromEntries(Object.entries(all).filter(([part]) => isAmong(parts, part)))
  }
  const state = comparable(wanted)
  const [before, made] = [partsOf(was), partsOf(is)]
  const { env, headers, ...rest } = withDifference(state, { was: before, is: made })
  return {
    state: { ...wanted, ...rest, env: Object.keys(env), headers: Object.keys(headers) },
    isWhole: fitsArguments(state, before),
  }
}

function isAmong(parts: EntryParts, part: string): boolean {
  return part in parts || (part === 'headers' && 'urlSecrets' in parts)
}

/** What of a lock is about the entry alone. */
function comparable({ transport, command, args, url, cwd, disabled, autoApprove, env, headers }: LockedServer) {
  const names = (list: readonly string[]) => Object.fromEntries(list.map((name) => [name, true]))
  return { transport, command, args, url, cwd, disabled, autoApprove, env: names(env), headers: names(headers) }
}

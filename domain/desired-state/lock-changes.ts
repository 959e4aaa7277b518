import type { LockedServer } from '@upkeep/contract/lock-file'
import { compareEntries, compareLocked, type LockComparison, lockKey } from './compare-lock.ts'

/** How one server of a lock stands against what is there. */
export type LockChange = { file: string; client: string; server: string } & (
  | { kind: 'server-added' | 'server-gone' }
  | ({ kind: 'server-changed' } & LockComparison['differences'][number])
)
export interface LockChanges {
  changes: LockChange[]
  notCompared: { server: string; what: string; why: string }[]
}

/** Everything in which what is there differs from the lock; with `entriesOnly` nothing of what is installed is compared. */
export function lockChanges(
  locked: readonly LockedServer[],
  now: readonly LockedServer[],
  { entriesOnly }: { entriesOnly: boolean },
): LockChanges {
  const [before, after] = [locked, now].map((servers) => new Map(servers.map((one) => [lockKey(one), one])))
  const found: LockChanges = { changes: [], notCompared: [] }
  for (const key of [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort()) {
    const [was, is] = [before?.get(key), after?.get(key)]
    if (was !== undefined && is !== undefined) addCompared(found, was, is, entriesOnly)
    else if (is !== undefined) found.changes.push({ ...headOf(is), kind: 'server-added' })
    else if (was !== undefined) found.changes.push({ ...headOf(was), kind: 'server-gone' })
  }
  return found
}

function addCompared(found: LockChanges, was: LockedServer, is: LockedServer, entriesOnly: boolean): void {
  const { differences, notCompared } = entriesOnly
    ? { differences: compareEntries(was, is), notCompared: [] }
    : compareLocked(was, is)
  found.changes.push(...differences.map((one) => ({ ...headOf(is), kind: 'server-changed' as const, ...one })))
  found.notCompared.push(...notCompared.map((one) => ({ server: is.name, ...one })))
}

function headOf({ file, client, name }: LockedServer) {
  return { file, client, server: name }
}

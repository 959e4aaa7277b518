import type { ChangeInput } from '@upkeep/contract/change'
import type { LockedServer, LockedValue } from '@upkeep/contract/lock-file'
import { compareLocked } from './compare-lock.ts'
import { type LockFolders, onThisMachine } from './lock-paths.ts'

/** What would make a server as its lock says, and what of it no change of ours can. */
export interface Corrections {
  inputs: ChangeInput[]
  cannot: string[]
}
interface Entry {
  path: string
  server: string
  project: string | null
}

/**
 * The changes that set one entry back. What the lock does not hold, such as the value of a variable, cannot be set back: then the entry is
 * switched off, since what would be started is not what somebody approved.
 */
export function correctionsFor(
  locked: LockedServer | null,
  now: LockedServer,
  entry: Entry,
  folders: LockFolders,
): Corrections {
  if (locked === null) return { inputs: [{ kind: 'remove-server', ...entry }], cannot: [] }
  const { differences } = compareLocked(locked, now)
  const isOff = (at: string) => differences.some((one) => one.at === at)
  const inside = differences.filter(({ layer }) => layer === 'version' || layer === 'bytes' || layer === 'tools')
  const cannot = inside.map(({ at, was, is }) => `${at}: was ${was}, is ${is}; no entry can be set back for that`)
  const mode = modeBack(locked, now, entry)
  if (beyondEdits.some(isOff)) {
    const inputs = [...anew(locked, entry, folders), ...mode]
    return { inputs, cannot }
  }
  const args = argumentsBack(locked.args, now.args, folders)
  if (args === null) return { inputs: [{ kind: 'disable-server', ...entry }, ...mode], cannot }
  return {
    inputs: [
      ...(args.length === 0 ? [] : [{ kind: 'set-server-args' as const, ...entry, changes: args }]),
      ...(isOff('tools called without asking')
        ? [{ kind: 'set-client-permission' as const, ...entry, from: now.autoApprove, to: locked.autoApprove }]
        : []),
      ...mode,
    ],
    cannot,
  }
}

const beyondEdits = ['transport', 'command', 'url', 'cwd', 'variables', 'headers', 'disabled']

function modeBack(locked: LockedServer, now: LockedServer, { path }: Entry): ChangeInput[] {
  if (locked.mode === null || now.mode === null || locked.mode === now.mode) return []
  return [{ kind: 'set-file-mode', path, from: now.mode, to: locked.mode }]
}

/** Taken out and declared again, where the lock holds all of it; switched off where it does not. */
function anew(locked: LockedServer, entry: Entry, folders: LockFolders): ChangeInput[] {
  const args = plainAll(locked.args, folders)
  const isWhole = locked.env.length === 0 && locked.headers.length === 0 && !locked.disabled && args !== null
  const local = (text: string) => onThisMachine(text, folders)
  const permitted: ChangeInput[] =
    locked.autoApprove.length === 0
      ? []
      : [{ kind: 'set-client-permission', ...entry, from: [], to: locked.autoApprove }]
  const again = (shape: Extract<ChangeInput, { kind: 'add-server' }>['entry']): ChangeInput[] => [
    { kind: 'remove-server', ...entry },
    { kind: 'add-server', ...entry, entry: shape },
    ...permitted,
  ]
  if (isWhole && locked.transport === 'stdio' && typeof locked.command === 'string') {
    const cwd = locked.cwd === null ? null : local(locked.cwd)
    return again({ transport: 'stdio', command: local(locked.command), args, env: {}, cwd })
  }
  const isRemote = locked.transport === 'http' || locked.transport === 'sse'
  if (isWhole && isRemote && locked.url !== null)
    return again({ transport: locked.transport === 'sse' ? 'sse' : 'http', url: locked.url, headers: {} })
  return [{ kind: 'disable-server', ...entry }]
}

function plainAll(values: readonly LockedValue[], folders: LockFolders): string[] | null {
  const texts = values.flatMap((one) => (typeof one === 'string' ? [onThisMachine(one, folders)] : []))
  return texts.length === values.length ? texts : null
}

type Changes = Extract<ChangeInput, { kind: 'set-server-args' }>['changes']

/** Argument by argument; null where a hidden one differs, which the lock cannot give back. */
function argumentsBack(
  locked: readonly LockedValue[],
  now: readonly LockedValue[],
  folders: LockFolders,
): Changes | null {
  const changes: Changes = []
  for (let index = 0; index < Math.max(locked.length, now.length); index += 1) {
    const [to, from] = [locked[index] ?? null, now[index] ?? null]
    if (JSON.stringify(to) === JSON.stringify(from)) continue
    const [shall, is] = [to, from].map((one) => (typeof one === 'string' ? onThisMachine(one, folders) : one))
    const isHidden = [shall, is].some((one) => typeof one === 'object' && one !== null)
    if (isHidden) return null
    addChange(changes, { index, end: now.length, is: textOrNull(is), shall: textOrNull(shall) })
  }
  return changes
}

function textOrNull(value: LockedValue | null | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function addChange(
  changes: Changes,
  { index, end, is, shall }: { index: number; end: number; is: string | null; shall: string | null },
): void {
  // At one place the last that is put in stands first.
  if (is === null && shall !== null) changes.unshift({ kind: 'insert', index: end, before: null, text: shall })
  else if (is !== null && shall === null) changes.push({ kind: 'remove', index, from: is })
  else if (is !== null && shall !== null) changes.push({ kind: 'replace', index, from: is, to: shall })
}

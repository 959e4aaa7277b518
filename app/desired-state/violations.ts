import { dirname, resolve } from 'node:path'
import type { ChangeInput, Observation } from '@upkeep/contract'
import type { LockedServer } from '@upkeep/contract/lock-file'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { addedBy } from '@upkeep/domain/changes/joined-server'
import { compareLocked, lockKey } from '@upkeep/domain/desired-state/compare-lock'
import { correctionsFor } from '@upkeep/domain/desired-state/corrections'
import { type LockFolders, onThisMachine } from '@upkeep/domain/desired-state/lock-paths'
import { modeOf } from '@upkeep/domain/desired-state/mode-of'
import { withChanges } from '@upkeep/domain/desired-state/with-changes'
import type { Context } from '../operations/context.ts'
import type { LockedNow } from './locked-now.ts'

/** One server that is not as the lock says, what is to be done about it, and what would set it back. */
export interface Violation {
  server: string
  client: string
  path: string
  mode: 'observe' | 'propose' | 'enforce'
  what: string[]
  inputs: ChangeInput[]
  cannot: string[]
  /** The entry as it was seen, secrets hidden; null where it is gone. */
  seen: Observation<'declared-server'> | null
}

export interface DesiredInput {
  locked: readonly LockedServer[]
  now: readonly LockedNow[]
  modes: Context['upkeepFile']['modes']
  folders: LockFolders
  /** Changes that were made, and the time from which they count: that at which the state was put in force. */
  changes: readonly SeenChange[]
  since: string
}

/** Every server that is not as it shall be. What an approved change did since the state was put in force is as it shall be. */
export function violationsOf(input: DesiredInput): Violation[] {
  const locked = new Map(input.locked.map((one) => [lockKey(one), one]))
  const there = new Set(input.now.map(({ locked: one }) => lockKey(one)))
  const gone = input.locked.filter((one) => !there.has(lockKey(one)))
  return [
    ...input.now.flatMap((one) => violated(locked.get(lockKey(one.locked)) ?? null, one, input) ?? []),
    ...gone.map((one) => missing(one, input)),
  ]
}

function violated(
  wanted: LockedServer | null,
  { locked: now, seen }: LockedNow,
  input: DesiredInput,
): Violation | null {
  const { changes, since, folders, modes } = input
  const { facts } = seen
  if (wanted === null && addedBy(facts, since, changes) !== null) return null
  const shall =
    wanted === null
      ? null
      : withChanges(
          wanted,
          { client: facts.client, path: facts.path, server: facts.name, project: facts.project },
          input,
        )
  const differences = shall === null ? [] : compareLocked(shall, now).differences
  if (shall !== null && differences.length === 0) return null
  const entry = { path: facts.path, server: facts.name, project: facts.project }
  const what =
    shall === null
      ? ['it is not in the lock']
      : differences.map(({ at, was, is }) => `${at}: shall be ${was}, is ${is}`)
  const { name: server, client, path } = facts
  return { server, client, path, mode: modeOf(modes, facts), what, ...correctionsFor(shall, now, entry, folders), seen }
}

function missing(wanted: LockedServer, { modes, folders }: DesiredInput): Violation {
  const path = onThisMachine(wanted.file, folders)
  const { name, client } = wanted
  const cannot = ['it is gone; what the lock holds of it is not all of it: put it back by hand, or "upkeep undo"']
  const mode = modeOf(modes, { name, client, path })
  return { server: name, client, path, mode, what: ['it is gone'], inputs: [], cannot, seen: null }
}

/** The folders of modes as they are on this machine. */
export function absoluteModes({
  upkeepFile,
  upkeepFilePath,
  machine,
}: Pick<Context, 'upkeepFile' | 'upkeepFilePath' | 'machine'>) {
  const base = upkeepFilePath === null ? machine.cwd : dirname(resolve(machine.cwd, upkeepFilePath))
  return upkeepFile.modes.map((one) =>
    one.places === undefined ? one : { ...one, places: one.places.map((folder) => resolve(base, folder)) },
  )
}

import { dirname, join, resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import type { LockFile } from '@upkeep/contract/lock-file'
import type { LockFolders } from '@upkeep/domain/desired-state/lock-paths'
import { readLock } from '@upkeep/domain/desired-state/lock-text'
import { readBounded } from '@upkeep/engine/ports/files-read'
import type { Context } from '../operations/context.ts'

const maxBytes = 32 << 20

/** What decides where the lock lies. */
export type LockPlaceInput = Pick<Context, 'upkeepFilePath' | 'machine' | 'places'>

/** The lock lies beside `upkeep.yaml`; where there is none, in the folder in which the command runs. */
export function lockPathOf({ upkeepFilePath, machine }: LockPlaceInput, named?: string): string {
  if (named !== undefined) return resolve(machine.cwd, named)
  return join(upkeepFilePath === null ? machine.cwd : dirname(resolve(machine.cwd, upkeepFilePath)), 'upkeep.lock')
}

/** The folders that stand for others on another machine. */
export function lockFoldersOf({ places, machine }: LockPlaceInput, path: string): LockFolders {
  return { home: places[0]?.home ?? machine.home, here: dirname(path) }
}

export interface LockRead {
  text: string
  lock: LockFile
}

/**
 * The lock as it lies there; null where there is none.
 *
 * @throws UserError `config-exists` where the file is somebody else's, `config-invalid` where it is ours and cannot be read.
 */
export function readLockAt(path: string): LockRead | null {
  const read = readBounded(path, maxBytes)
  if (read.state === 'absent') return null
  if (read.state === 'unavailable') throw invalid(path, read.reason)
  const text = new TextDecoder().decode(read.bytes)
  const found = readLock(text)
  if (found.state === 'read') return { text, lock: found.lock }
  if (found.state === 'broken') throw invalid(path, found.reason)
  throw new UserError(
    'config-exists',
    `${path} is not ours: ${found.reason}. It was not touched.`,
    'Move it away, or name another file: upkeep import --file <file>.',
  )
}

function invalid(path: string, reason: string): UserError {
  return new UserError(
    'config-invalid',
    `${path} cannot be used: ${reason}.`,
    'Take it from the repository again, or remove it and run "upkeep import".',
  )
}

import { chmodSync, closeSync, constants, lstatSync, mkdirSync, openSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract/errors'

const databaseFile = 'state.db'

/**
 * Makes the state folder when it is not there, checks that it is safe to use, and returns the path of the database file in it, which then
 * exists with mode 0600. A folder that holds something and is open to others is refused, not tightened: it may be more than ours.
 */
export function prepareStateFolder(dir: string): string {
  makeFolder(dir)
  const facts = lstatSync(dir)
  if (facts.isSymbolicLink()) throw unusable(dir, 'is a symbolic link', 'Name the folder itself.')
  if (!facts.isDirectory()) throw unusable(dir, 'is not a folder', 'Name a folder, or one that does not exist yet.')
  refuseForeign(dir, facts)
  if (isOpenToOthers(facts)) tighten(dir)
  return prepareFile(join(dir, databaseFile))
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return
    throw unusable(
      dir,
      `cannot be made (${codeOf(error)})`,
      'Make it yourself, or set UPKEEP_HOME to a folder of yours.',
      error,
    )
  }
}

function refuseForeign(path: string, facts: Stats): void {
  const uid = process.getuid?.()
  if (uid === undefined || facts.uid === uid) return
  throw unusable(
    path,
    `belongs to another user (uid ${facts.uid})`,
    'Run as that user, or set UPKEEP_HOME to a folder of yours.',
  )
}

function isOpenToOthers(facts: Stats): boolean {
  return process.platform !== 'win32' && (facts.mode & 0o077) !== 0
}

function tighten(dir: string): void {
  if (readdirSync(dir).length > 0) {
    throw unusable(dir, 'can be read or entered by other users', `Close it: chmod 700 '${dir}'`)
  }
  chmodSync(dir, 0o700)
}

function prepareFile(path: string): string {
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600))
  } catch (error) {
    const why = codeOf(error) === 'ELOOP' ? 'is a symbolic link' : `cannot be opened (${codeOf(error)})`
    throw unusable(path, why, 'Move it away, or give it back to the user who runs this.', error)
  }
  const facts = lstatSync(path)
  if (!facts.isFile()) throw unusable(path, 'is not a regular file', 'Move it away.')
  refuseForeign(path, facts)
  if (isOpenToOthers(facts)) chmodSync(path, 0o600)
  return path
}

function unusable(path: string, why: string, action: string, cause?: unknown): UserError {
  return new UserError('state-unusable', `The state cannot be used: ${path} ${why}.`, action, { cause })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

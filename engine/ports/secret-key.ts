import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import { inspectPath } from './files-facts.ts'
import { readBounded } from './files-read.ts'

const keyBytes = 32

/** What a key is for, and what a new one in its place would mean. */
export interface KeyPurpose {
  /** As it stands after "The key". */
  is: string
  withoutIt: string
}

/** A key of this installation: 32 random bytes in a file of the folder `keys`, made at first use, for its owner alone. */
export function secretKey(path: string, purpose: KeyPurpose): Uint8Array {
  return readKey(path, purpose) ?? makeKey(path, purpose)
}

function readKey(path: string, purpose: KeyPurpose): Uint8Array | null {
  const read = readBounded(path, keyBytes)
  if (read.state === 'absent') return null
  if (read.state === 'unavailable') throw unusable(path, purpose, read.reason)
  if (read.bytes.length !== keyBytes) throw unusable(path, purpose, 'it does not hold 32 bytes')
  const seen = inspectPath(path)
  if (process.platform !== 'win32' && seen.state === 'present' && (seen.mode & 0o077) !== 0) {
    throw unusable(path, purpose, 'others on this machine can read it')
  }
  return read.bytes
}

/** Written beside and linked into place: of two processes at once one key wins and both use it, and no half-written key is ever seen. */
function makeKey(path: string, purpose: KeyPurpose): Uint8Array {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(draft, randomBytes(keyBytes), { mode: 0o600, flag: 'wx', flush: true })
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw unusable(path, purpose, 'it cannot be written')
    }
  } finally {
    removeDraft(draft)
  }
  const made = readKey(path, purpose)
  if (made === null) throw unusable(path, purpose, 'it vanished')
  return made
}

function removeDraft(draft: string): void {
  try {
    unlinkSync(draft)
  } catch {
    // It was never written.
  }
}

function unusable(path: string, { is, withoutIt }: KeyPurpose, why: string): UserError {
  return new UserError(
    'state-unusable',
    `The key ${is} (keys/${basename(path)} in the state folder) cannot be used: ${why}.`,
    `Give the state folder and the key back to this user (mode 0700, key 0600). ${withoutIt}`,
  )
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import { sync as writeFileAtomicSync } from 'write-file-atomic'
import { readBounded } from '../ports/files-read.ts'
import { maxFileBytes } from './file-state.ts'

const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

/**
 * What files were before a change and shall be after it, for as long as the change can be undone: one file each below `undo/` in the state
 * folder, AES-256-GCM with a key in `keys/`, since a configuration may hold secrets. On the disk before the first file of a user is touched.
 */
export interface KeptBytes {
  keep(change: string, name: string, bytes: Uint8Array): void
  /** Null when it is not there. Throws UserError `evidence-invalid` when it is not what was kept. */
  read(change: string, name: string): Uint8Array | null
  /** After it undo is no longer possible. */
  forget(change: string): void
}

export function keptBytesIn(stateDir: string): KeptBytes {
  const folderOf = (change: string) => join(stateDir, 'undo', change)
  return {
    keep(change, name, bytes) {
      const folder = folderOf(change)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', keyIn(stateDir, true), iv)
      cipher.setAAD(Buffer.from(`${change}/${name}`, 'utf8'))
      const sealed = Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
      writeDurably(join(folder, name), sealed)
    },
    read(change, name) {
      const read = readBounded(join(folderOf(change), name), maxFileBytes + ivBytes + tagBytes)
      if (read.state === 'absent') return null
      if (read.state === 'unavailable') throw unreadable(change, read.reason)
      return opened(stateDir, change, name, read.bytes)
    },
    forget: (change) => rmSync(folderOf(change), { recursive: true, force: true }),
  }
}

function opened(stateDir: string, change: string, name: string, sealed: Uint8Array): Uint8Array {
  try {
    const iv = sealed.subarray(0, ivBytes)
    const decipher = createDecipheriv('aes-256-gcm', keyIn(stateDir, false), iv, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(`${change}/${name}`, 'utf8'))
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
    const body = sealed.subarray(ivBytes, sealed.length - tagBytes)
    return new Uint8Array(Buffer.concat([decipher.update(body), decipher.final()]))
  } catch (error) {
    if (error instanceof UserError) throw error
    throw unreadable(change, 'it was altered')
  }
}

function keyIn(stateDir: string, make: boolean): Uint8Array {
  const path = join(stateDir, 'keys', 'undo.key')
  const read = readBounded(path, keyBytes)
  if (read.state === 'present' && read.bytes.length === keyBytes) return read.bytes
  if (read.state !== 'absent' || !make) throw unreadable('', 'its key cannot be read')
  const key = randomBytes(keyBytes)
  mkdirSync(join(stateDir, 'keys'), { recursive: true, mode: 0o700 })
  writeFileAtomicSync(path, key, { mode: 0o600 })
  return key
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const handle = openSync(path, 'w', 0o600)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function unreadable(change: string, why: string): UserError {
  return new UserError(
    'evidence-invalid',
    `What the files of change ${change || '(new)'} were before cannot be read: ${why}.`,
    'The folders undo/ and keys/ of the state belong together: restore both.',
  )
}

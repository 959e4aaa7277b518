import { chmodSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import { sync as writeFileAtomicSync } from 'write-file-atomic'
import { inspectPath } from '../ports/files-facts.ts'
import { readBounded } from '../ports/files-read.ts'
import { type KeyPair, keyPairFromPem, toPem } from './ed25519.ts'

const maxPemBytes = 4_096
const fileName = /^ledger-([0-9a-f]{8})\.pem$/

/** Where the private keys of a ledger lie: `keys/ledger-<key id>.pem` in the state folder, for its owner alone. */
export interface KeyFiles {
  /** Ids of the keys that are there, sorted. */
  ids(): string[]
  /** Null when it is not there. */
  load(keyId: string): KeyPair | null
  save(keyId: string, pair: KeyPair): void
  remove(keyId: string): void
}

/** The key files of a state folder. Throws UserError `state-unusable` when others can read a key, or it cannot be read or written. */
export function keyFiles(stateDir: string): KeyFiles {
  const folder = join(stateDir, 'keys')
  const pathOf = (keyId: string) => join(folder, `ledger-${keyId}.pem`)
  return {
    ids: () => listIds(folder),
    load: (keyId) => loadKey(pathOf(keyId)),
    save: (keyId, pair) => saveKey(folder, pathOf(keyId), pair),
    remove: (keyId) => unlinkSync(pathOf(keyId)),
  }
}

function listIds(folder: string): string[] {
  const seen = inspectPath(folder)
  if (seen.state === 'absent') return []
  try {
    return readdirSync(folder)
      .flatMap((name) => fileName.exec(name)?.[1] ?? [])
      .sort()
  } catch {
    throw unusable('its folder cannot be read')
  }
}

function loadKey(path: string): KeyPair | null {
  const read = readBounded(path, maxPemBytes)
  if (read.state === 'absent') return null
  if (read.state === 'unavailable') throw unusable(read.reason)
  if (process.platform !== 'win32' && (read.facts.mode & 0o077) !== 0)
    throw unusable('others on this machine can read it')
  const pair = keyPairFromPem(new TextDecoder().decode(read.bytes))
  if (pair === null) throw unusable('it is not an Ed25519 key')
  return pair
}

function saveKey(folder: string, path: string, pair: KeyPair): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    writeFileAtomicSync(path, toPem(pair), { mode: 0o600 })
  } catch {
    throw unusable('it cannot be written')
  }
}

function unusable(why: string): UserError {
  return new UserError(
    'state-unusable',
    `The key of the ledger (keys/ledger-*.pem in the state folder) cannot be used: ${why}.`,
    'Give the folder "keys" and what is in it back to this user (folder mode 0700, files 0600).',
  )
}

import { createHmac, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import type { SecretsPort } from '@upkeep/contract/ports'
import { inspectPath } from './files-facts.ts'
import { readBounded } from './files-read.ts'

const keyBytes = 32
const maxSecretBytes = 64 << 10

/** Keyed hashing with this installation's key, which is made at first use and never leaves its file. */
export function openSecrets({
  stateDir,
  env,
}: {
  stateDir: string
  env: Readonly<Record<string, string | undefined>>
}): SecretsPort {
  const path = join(stateDir, 'keys', 'fingerprint.key')
  let key: Uint8Array | null = null
  return {
    fingerprint(text) {
      key ??= readKey(path) ?? makeKey(path)
      return createHmac('sha256', key).update(text, 'utf8').digest('hex').slice(0, 16)
    },
    resolve: (reference) => resolveReference(reference, env),
  }
}

function readKey(path: string): Uint8Array | null {
  const read = readBounded(path, keyBytes)
  if (read.state === 'absent') return null
  if (read.state === 'unavailable') throw unusable(read.reason)
  if (read.bytes.length !== keyBytes) throw unusable('it does not hold 32 bytes')
  const seen = inspectPath(path)
  if (process.platform !== 'win32' && seen.state === 'present' && (seen.mode & 0o077) !== 0) {
    throw unusable('others on this machine can read it')
  }
  return read.bytes
}

/** Written beside and linked into place: of two processes at once one key wins and both use it, and no half-written key is ever seen. */
function makeKey(path: string): Uint8Array {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(draft, randomBytes(keyBytes), { mode: 0o600, flag: 'wx', flush: true })
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw unusable('it cannot be written')
  } finally {
    removeDraft(draft)
  }
  const made = readKey(path)
  if (made === null) throw unusable('it vanished')
  return made
}

function removeDraft(draft: string): void {
  try {
    unlinkSync(draft)
  } catch {
    // It was never written.
  }
}

function unusable(why: string): UserError {
  return new UserError(
    'state-unusable',
    `The key for fingerprints (keys/fingerprint.key in the state folder) cannot be used: ${why}.`,
    'Give the state folder and the key back to this user (mode 0700, key 0600). A new key makes every hidden value look changed once.',
  )
}

/** What the owner's reference leads to: `env:NAME`, or `file:/absolute/path` without its final line break. */
function resolveReference(reference: string, env: Readonly<Record<string, string | undefined>>): string | null {
  if (reference.startsWith('env:')) return env[reference.slice(4)] || null
  if (!reference.startsWith('file:')) return null
  const path = reference.slice(5)
  if (!isAbsolute(path)) return null
  const read = readBounded(path, maxSecretBytes)
  if (read.state !== 'present') return null
  return new TextDecoder().decode(read.bytes).replace(/\r?\n$/, '') || null
}

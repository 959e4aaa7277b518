import { createHmac } from 'node:crypto'
import { isAbsolute, join } from 'node:path'
import type { SecretsPort } from '@upkeep/contract/ports'
import { readBounded } from './files-read.ts'
import { secretKey } from './secret-key.ts'

const maxSecretBytes = 64 << 10
const purpose = { is: 'for fingerprints', withoutIt: 'A new key makes every hidden value look changed once.' }

/** Keyed hashing with this installation's key, which is made at first use and never leaves its file. */
export function openSecrets({
  stateDir,
  env,
  tokenFor = () => null,
  typed = () => null,
}: {
  stateDir: string
  env: Readonly<Record<string, string | undefined>>
  /** The token that a person logged in for, by the exact address that it is for. */
  tokenFor?: SecretsPort['tokenFor']
  /** What a person typed at the terminal for a change that is not made yet, by its keyed hash. */
  typed?: (fingerprint: string) => string | null
}): SecretsPort {
  const path = join(stateDir, 'keys', 'fingerprint.key')
  let key: Uint8Array | null = null
  return {
    fingerprint(text) {
      key ??= secretKey(path, purpose)
      return createHmac('sha256', key).update(text, 'utf8').digest('hex').slice(0, 16)
    },
    resolve: (reference) =>
      reference.startsWith('typed:') ? typed(reference.slice(6)) : resolveReference(reference, env),
    tokenFor,
  }
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

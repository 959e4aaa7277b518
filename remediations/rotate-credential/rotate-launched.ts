import { setArguments } from '@upkeep/domain/client-edits/entry-edits'
import { saltedSecretFile, secretIn } from '@upkeep/domain/client-edits/secret-file'
import { launchedSecrets } from '@upkeep/domain/client-formats/our-launcher'
import { isStoreReference } from '@upkeep/domain/redaction/references'
import type { Rotated, Rotating } from './rotating.ts'

const maxBytes = 1 << 20

/** Replaces what our launcher fetches: the source that the entry names, or what lies in the file that it reads. */
export function rotateLaunched(rotating: Rotating, reference: string | null, secret: string | null): Rotated {
  const { input, entry } = rotating
  const { at } = input
  const launched = launchedSecrets(entry.args).find(({ name }) => at.in === 'launched' && name === at.name)
  if (launched === undefined) return { state: 'not', reason: 'our launcher fetches nothing of that name for it' }
  if (reference !== null) return toSource(rotating, launched, reference)
  return secret === null ? { state: 'made' } : inFile(rotating, launched.source, secret)
}

function toSource(rotating: Rotating, { source, index }: { source: string; index: number }, text: string): Rotated {
  const { file, name } = rotating
  if (source === text) return { state: 'made' }
  if (!isStoreReference(text)) return { state: 'not', reason: 'our launcher does not know that reference' }
  const held = heldIn(rotating, source)
  if (held !== null && held !== rotating.input.was)
    return { state: 'not', reason: 'what our launcher fetches is no longer the credential that was meant' }
  return { state: 'edited', edited: setArguments(file, name, [{ kind: 'replace', index, from: source, to: text }]) }
}

/** Keyed hash of what a source holds: of the secret in a file; of a store, which is not asked, that of its name. */
function heldIn({ ports: { files, secrets } }: Rotating, source: string): string | null {
  if (isStoreReference(source)) return secrets.fingerprint(source)
  const read = files.read(source, maxBytes)
  return read.state === 'present' ? secrets.fingerprint(secretIn(new TextDecoder().decode(read.bytes))) : null
}

function inFile(rotating: Rotating, path: string, secret: string): Rotated {
  const { input, ports } = rotating
  if (isStoreReference(path))
    return { state: 'not', reason: `its secret lies in ${path}: put the new one there, and restart its client` }
  const held = heldIn(rotating, path)
  if (held === null) return { state: 'not', reason: `${path}, which our launcher reads, cannot be read` }
  if (held === ports.secrets.fingerprint(secret)) return { state: 'made' }
  if (held !== input.was) return { state: 'not', reason: `${path} no longer holds the credential that was meant` }
  const text = saltedSecretFile(path, secret, ports.secrets.fingerprint)
  const shown = ['-the old secret (hidden)', '+the new secret, mode 0600 (hidden)']
  return { state: 'file', effect: { kind: 'file', path, to: { text, mode: 0o600 }, shown } }
}

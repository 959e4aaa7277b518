import type { ChangeOf } from '@upkeep/contract/change'
import type { Refusal, SecretStoresPort, SecretsPort } from '@upkeep/contract/ports'
import type { SecretEffect } from '@upkeep/contract/remediation'
import type { EntryFile } from '@upkeep/domain/client-edits/entry-file'
import { plainFileName } from '@upkeep/domain/client-edits/own-folder'
import { refusedEntry } from '@upkeep/domain/client-edits/preview-entry'
import type { FoundSecret } from '@upkeep/domain/client-edits/secret-of'
import { isStoreReference } from '@upkeep/domain/redaction/references'

interface Moving {
  input: ChangeOf<'move-secret'>
  file: EntryFile
  found: FoundSecret
}
type Ports = { secrets: SecretsPort; secretStores: SecretStoresPort }
type Destination = Exclude<ChangeOf<'move-secret'>['to'], { store: 'file' | 'reference' }>

/** Where the secret goes in a store, and what puts it there; a place that holds this very secret already is used again. */
export async function storedSecretFor(
  { input, file, found }: Moving,
  to: Destination,
  { secrets, secretStores }: Ports,
): Promise<{ reference: string; effects: SecretEffect[]; limits: readonly string[] } | Refusal> {
  // The launcher takes what a store's program prints, without the line ending at its end.
  if (/[\r\n]$|\0/.test(found.secret)) return refusedEntry(input, 'no store gives back a secret that ends so as it is')
  const names = { owner: plainFileName(file.client, input.server), name: plainFileName(found.name) }
  for (let count = 1; count < 10; count += 1) {
    const reference = referenceIn(to, names, count === 1 ? '' : `.${count}`)
    if (!isStoreReference(reference)) return refusedEntry(input, 'its name is none that could stand in a reference')
    const now = await secretStores.look(reference)
    if (now.state === 'unavailable') return refusedEntry(input, `${reference}: ${now.reason}`)
    if (now.state === 'absent') {
      const shown = ['+the secret (hidden), read back before the file loses it']
      const effects = [{ kind: 'stored-secret' as const, reference, secret: found.secret, shown }]
      return { reference, effects, limits: [...limits[to.store], ...elsewhere(to), ...unguarded(to)] }
    }
    if (now.fingerprint === secrets.fingerprint(found.secret))
      return { reference, effects: [], limits: [...limits[to.store], ...elsewhere(to)] }
  }
  return refusedEntry(input, `too many secrets of that name lie in ${storeWords[to.store]}`)
}

/** Short enough for a reference; where that makes two names one, they are numbered. */
const longest = 58

function referenceIn(to: Destination, { owner, name }: { owner: string; name: string }, number: string): string {
  if (to.store === 'keyring') return `keyring://upkeep/${owner}#${name.slice(0, longest)}${number}`
  const item = `${owner}.${name}`
  return to.store === '1password'
    ? `op://${to.vault}/${`upkeep.${item}`.slice(0, longest)}${number}/credential`
    : `vault://${to.folder}/${item.slice(0, 100)}${number}#value`
}

const storeWords = { keyring: 'the keyring', '1password': 'the vault', vault: 'the folder' } as const

/** What the server needs from then on. */
const limits: Readonly<Record<Destination['store'], readonly string[]>> = {
  keyring: ['the keyring has to be open when the server starts'],
  '1password': ['the server starts only where "op" is signed in, or its user unlocks 1Password'],
  vault: ['the client has to start the server with VAULT_ADDR and a token that may read the secret'],
}

/** A store that is not of this machine alone. */
function elsewhere(to: Destination): string[] {
  if (to.store === 'keyring') return []
  const where = to.store === 'vault' ? `${to.folder} of Vault` : `the vault ${to.vault} of 1Password`
  return [
    `the secret leaves this machine: whoever may read ${where} reads it, and what is kept there of the deleted stays`,
  ]
}

/** Vault alone can be told to write only where nothing is. */
function unguarded({ store }: Destination): string[] {
  return store === 'vault'
    ? []
    : [
        `${storeWords[store]} cannot hold others off: what is put there under that name in the moment between our looking and our writing is not seen`,
      ]
}

import { UserError } from '@upkeep/contract/errors'
import type { LedgerKey } from '@upkeep/contract/evidence'
import type { Store } from '../store/store.ts'
import { makeKeyRecord } from './key-record.ts'
import { type Keyring, keyInForce, newSavedKey } from './keyring.ts'
import { grow, keySealable } from './seal.ts'

/**
 * Puts a new key in force: a key record signed by the old and the new one, under a checkpoint that both sign. The old private key is
 * removed afterwards; killed in between, whichever key the ledger names is there.
 *
 * @throws UserError `not-found` when nothing was sealed yet, so that there is no key to replace.
 */
export async function rotateKey(store: Store, keyring: Keyring, at: string): Promise<LedgerKey> {
  const { record, before } = await store.transaction(async (tx) => {
    const inForce = await keyInForce(tx, keyring, at)
    if (inForce.isNew) throw nothingSealed()
    const { origin } = inForce.record
    const { pair } = newSavedKey(keyring, origin)
    const made = makeKeyRecord({ at, origin, pair, before: inForce.pair })
    await tx.keys.append(made)
    await grow(tx, keyring, { records: [keySealable(made)], at, origin, signers: [inForce.pair, pair] })
    return { record: made, before: inForce.record.id }
  })
  keyring.read.delete(before)
  keyring.files.remove(before)
  return record
}

function nothingSealed(): UserError {
  return new UserError('not-found', 'Nothing is sealed yet: there is no key to replace.', 'Run "upkeep scan" first.')
}

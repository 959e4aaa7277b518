import type { Absent, HttpPort, Refusal, SecretStoreKind, SecretStoresPort } from '@upkeep/contract/ports'
import { type StorePlace, storePlace } from '@upkeep/domain/redaction/references'
import { keyringOf } from './keyring-store.ts'
import { refuse } from './network-refusal.ts'
import { onePasswordOf } from './onepassword-store.ts'
import type { SecretStore, StoreMachine } from './secret-store.ts'
import { vaultOf } from './vault-store.ts'

/** The stores of secrets of this machine with the hands that change them: who makes changes is given these, and nobody else. */
export interface SecretStores extends SecretStoresPort {
  /** Puts a secret where nothing lies, and reads it back. */
  put(reference: string, secret: string): Promise<{ state: 'put' } | Refusal>
  /** Takes a secret away again, while it is the one that has this keyed hash. */
  remove(reference: string, fingerprint: string): Promise<{ state: 'removed' } | Refusal>
}

/** One place in the store that it names. */
interface At {
  look(): ReturnType<SecretStore<never>['look']>
  put(secret: string): Promise<Refusal | null>
  remove(isOurs: (secret: string) => boolean): Promise<Refusal | null>
}

/** Opens nothing: each store is asked when it is used, and what it takes is looked up then. */
export function openSecretStores(
  machine: StoreMachine,
  { http, fingerprint }: { http: HttpPort; fingerprint: (secret: string) => string },
): SecretStores {
  const at = (reference: string) => placed(reference, machine, http)

  async function look(reference: string): Promise<{ state: 'present'; fingerprint: string } | Absent | Refusal> {
    const place = at(reference)
    if ('state' in place) return place
    const now = await place.look()
    return now.state === 'present' ? { state: 'present', fingerprint: fingerprint(now.secret) } : now
  }

  return {
    look,
    installed: () => installedOn(machine, http),
    async put(reference, secret) {
      const place = at(reference)
      if ('state' in place) return place
      const before = await place.look()
      if (before.state === 'unavailable') return before
      if (before.state === 'present') return refuse('changed-while-reading', 'another secret lies there by now')
      const refused = await place.put(secret)
      if (refused !== null) return refused
      const now = await place.look()
      if (now.state === 'unavailable')
        return refuse(now.code, `it was put there, and cannot be read back: ${now.reason}`)
      const isThere = now.state === 'present' && now.secret === secret
      return isThere ? { state: 'put' } : refuse('malformed', 'what is read back is not what was put there')
    },
    async remove(reference, ours) {
      const place = at(reference)
      if ('state' in place) return place
      const refused = await place.remove((secret) => fingerprint(secret) === ours)
      if (refused !== null) return refused
      const now = await place.look()
      if (now.state === 'unavailable') return now
      return now.state === 'absent' ? { state: 'removed' } : refuse('malformed', 'it is there still')
    },
  }
}

function placed(reference: string, machine: StoreMachine, http: HttpPort): At | Refusal {
  const place = storePlace(reference)
  if (place === null) return refuse('not-supported', 'it names no place in a store that is known here')
  if (place.store === 'keyring') return inStore(keyringOf(machine), place)
  return place.store === 'vault' ? inStore(vaultOf(machine, http), place) : inStore(onePasswordOf(machine), place)
}

function inStore<Place extends StorePlace>(store: SecretStore<Place> | Refusal, place: Place): At | Refusal {
  if ('state' in store) return store
  return {
    look: () => store.look(place),
    put: (secret) => store.put(place, secret),
    remove: (isOurs) => store.remove(place, isOurs),
  }
}

function installedOn(machine: StoreMachine, http: HttpPort): SecretStoreKind[] {
  const opened: [SecretStoreKind, object][] = [
    ['keyring', keyringOf(machine)],
    ['1password', onePasswordOf(machine)],
    ['vault', vaultOf(machine, http)],
  ]
  return opened.flatMap(([kind, store]) => ('state' in store ? [] : [kind]))
}

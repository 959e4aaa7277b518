import type { SecretStoresPort } from '../ports.ts'

/** A machine that has no store of secrets. */
export const noSecretStores: SecretStoresPort = {
  look: async () => ({ state: 'unavailable', code: 'not-configured', reason: 'no store of secrets is there' }),
  installed: () => [],
}

import type { Store, StorePlace } from './store.ts'

/**
 * Opens the state, makes or moves its schema on, and refuses one written by a newer version (UserError `state-newer`) or a folder that
 * is not safe to use (`state-unusable`). The query builder and the database drivers load here, and only the one that is needed.
 */
export async function openStore(place: StorePlace): Promise<Store> {
  const { openDatabase } = await import('./open-database.ts')
  return openDatabase(place)
}

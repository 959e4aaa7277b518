import type { Store, StorePlace } from './store.ts'

export async function openDatabase(_place: StorePlace): Promise<Store> {
  throw new Error('being built')
}

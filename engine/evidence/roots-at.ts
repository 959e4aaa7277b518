import { appendLeaf, emptyFrontier, rootOf } from '@upkeep/domain/merkle'
import type { Store } from '../store/store.ts'
import { fromHex, toHex } from './leaf.ts'

const chunk = 2_000

/** The roots of the ledger at some sizes, in hex, from its leaf hashes alone. A size beyond the ledger has none. */
export async function rootsAt(store: Store, sizes: ReadonlySet<number>): Promise<Map<number, string>> {
  const roots = new Map<number, string>()
  const most = Math.min(await store.ledger.size(), Math.max(-1, ...sizes))
  let frontier = emptyFrontier
  if (sizes.has(0)) roots.set(0, toHex(rootOf(frontier)))
  for (let from = 0; from < most; from += chunk) {
    for (const leaf of await store.ledger.range(from, Math.min(most, from + chunk))) {
      frontier = appendLeaf(frontier, fromHex(leaf.leafHash))
      if (sizes.has(frontier.size)) roots.set(frontier.size, toHex(rootOf(frontier)))
    }
  }
  return roots
}

import type { Observation } from '@upkeep/contract'
import { observedParts, partKinds } from '@upkeep/domain/observed-parts'
import type { IndexedParts, Store } from './store.ts'
import { parseObservation } from './stored-observations.ts'

const perPage = 500

/** Draws which packages observations show, and keeps it. */
export async function keepComponents(tx: Store, observed: ReadonlyMap<string, Observation>): Promise<void> {
  const entries: IndexedParts[] = []
  for (const [digest, observation] of observed) {
    const parts = observedParts(observation)
    if (parts !== null) entries.push({ observation: digest, ...parts })
  }
  await tx.components.add(entries)
}

/** Draws what was never drawn, such as of runs from before there was an index. Returns what is known of each observation then. */
export async function drawMissing(store: Store, manifest: readonly { kind: string; observation: string }[]) {
  const digests = manifest.filter((line) => partKinds.includes(line.kind)).map((line) => line.observation)
  const known = await store.components.known(digests)
  const missing = [...new Set(digests)].filter((digest) => !known.has(digest))
  for (let from = 0; from < missing.length; from += perPage) {
    const texts = await store.objects.getMany(missing.slice(from, from + perPage))
    const observed = new Map([...texts].map(([digest, text]) => [digest, readable(text)]))
    await keepComponents(store, new Map([...observed].filter(isRead)))
  }
  return missing.length === 0 ? known : store.components.known(digests)
}

/** Null for an observation of a form that is no longer read: what it shows stays unknown. */
function readable(text: string): Observation | null {
  try {
    return parseObservation(JSON.parse(text))
  } catch {
    return null
  }
}

function isRead(entry: [string, Observation | null]): entry is [string, Observation] {
  return entry[1] !== null
}

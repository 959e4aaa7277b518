import { Run } from '@upkeep/contract'
import type { EvidencePack } from '@upkeep/contract/evidence'
import { digestOfText } from '@upkeep/domain/canonical-json'
import type { Store } from './store/store.ts'

/** Where runs and the objects behind them come from: a store or a pack. */
export interface RederiveSource {
  runs(): AsyncIterable<Run>
  /** Null when it is not there. Never text that does not hash to the digest. */
  object(digest: string): Promise<string | null>
}

const pageSize = 100

/** The runs and objects of a store, newest first. */
export function storeSource(store: Store): RederiveSource {
  return { runs: () => runsOf(store), object: (digest) => store.objects.get(digest) }
}

/** A run that is appended meanwhile moves the others one place on: those are told apart by id. */
async function* runsOf(store: Store): AsyncGenerator<Run> {
  const told = new Set<string>()
  for (let offset = 0; ; offset += pageSize) {
    const page = await store.runs.list({ limit: pageSize, offset })
    for (const run of page) {
      if (told.has(run.id)) continue
      told.add(run.id)
      yield run
    }
    if (page.length < pageSize) return
  }
}

/** The runs and objects of a pack, in the order of its ledger. Whether the pack itself verifies is for the verifier to say. */
export function packSource(pack: EvidencePack): RederiveSource {
  const objects = new Map(Object.entries(pack.objects))
  return {
    runs: async function* runs() {
      for (const { type, record } of pack.records) {
        const run = type === 'run' ? Run.safeParse(record).data : undefined
        if (run !== undefined) yield run
      }
    },
    object: async (digest) => {
      const text = objects.get(digest)
      return text !== undefined && digestOfText(text) === digest ? text : null
    },
  }
}

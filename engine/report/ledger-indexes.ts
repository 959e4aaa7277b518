import type { ReportSource } from './source.ts'

const chunk = 2_000

/** Where records lie in the ledger. Looked for from the end backwards: what a report names is mostly recent. */
export async function indexesOf(
  source: ReportSource,
  recordIds: readonly string[],
  size: number,
): Promise<Map<string, number>> {
  const wanted = new Set(recordIds)
  const found = new Map<string, number>()
  for (let to = size; to > 0 && wanted.size > 0; to -= chunk) {
    for (const leaf of await source.ledger.range(Math.max(0, to - chunk), to)) {
      if (wanted.delete(leaf.recordId)) found.set(leaf.recordId, leaf.index)
    }
  }
  return found
}

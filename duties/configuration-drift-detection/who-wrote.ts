import type { Seen } from '@upkeep/contract'
import type { Difference } from '@upkeep/domain/server-diff/difference'

/** Who wrote last, as far as the file system tells: the owner of the file, and when it changed. */
export interface Author {
  ownerUid: number | null
  changedAt: string | null
  trace: string | null
}

const nobody: Author = { ownerUid: null, changedAt: null, trace: null }

/** Of an entry: its file. Which process wrote it, a file does not tell. */
export function authorOfEntry(exposure: Seen<'file-exposure'>): Author {
  if (exposure.state !== 'seen') return nobody
  const { uid, changedAt = null, path } = exposure.facts
  return { ownerUid: uid, changedAt, trace: path }
}

/** Of installed files: the one below the places that differ that changed last. */
export function authorOfFiles(differences: readonly Difference[], traces: Seen<'installed-traces'>): Author {
  if (traces.state !== 'seen') return nobody
  const places = new Set(differences.map(({ at }) => at))
  const [newest] = traces.facts.traces
    .filter(({ at }) => places.has(at))
    .toSorted((a, b) => (a.changedAt > b.changedAt ? -1 : 1))
  return newest === undefined ? nobody : { ownerUid: newest.uid, changedAt: newest.changedAt, trace: newest.path }
}

/** The author in a sentence, behind what changed. */
export function authorWords({ ownerUid, changedAt }: Author): string {
  if (ownerUid === null) return ''
  const when = changedAt === null ? '' : ` on ${changedAt.slice(0, 16).replace('T', ' ')} UTC`
  return `; last written by uid ${ownerUid}${when}`
}

import type { FilesPort, Observation } from '@upkeep/contract'
import type { InstalledTraces } from '@upkeep/contract/observations/installed-traces'
import type { FileFacts } from '@upkeep/contract/ports'
import { compareResolved } from '@upkeep/domain/server-diff/compare-resolved'
import { about, indexObservations } from '../kernel/observation-index.ts'

type Trace = InstalledTraces['traces'][number]

/** At most so many places of one server, and so many files below each, are looked at: what is cut is simply not told. */
const most = { places: 10, files: 50_000, inFolder: 20_000, depth: 40 }

/**
 * Who wrote last where installed files are not the approved ones. Only there: of what did not change nobody asks, and looking at every
 * file of every copy would cost as much again as the round.
 */
export function installedTraces(
  approved: readonly Observation<'approved-server'>[],
  seen: readonly Observation[],
  files: FilesPort,
): Observation<'installed-traces'>[] {
  const index = indexObservations(seen)
  return approved.flatMap(({ subject, ...one }) => {
    const now = about(index, 'resolved-package', subject.id)
    if (one.state !== 'seen' || one.facts.resolved === null || now?.state !== 'seen') return []
    const places = compareResolved(one.facts.resolved, now.facts).flatMap(({ at }) => (at.startsWith('/') ? [at] : []))
    const traces = [...new Set(places)].slice(0, most.places).flatMap((at) => traceBelow(at, files) ?? [])
    return [{ kind: 'installed-traces', subject, state: 'seen', facts: { traces } }]
  })
}

/** The file below a place whose change the file system dates last. */
function traceBelow(at: string, files: FilesPort): Trace | null {
  let left = most.files
  let newest: { path: string; facts: FileFacts } | null = null
  const waiting = [{ path: at, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined && left > 0; next = waiting.pop()) {
    left -= 1
    const facts = files.inspect(next.path)
    if (facts.state !== 'present') continue
    if (facts.type !== 'folder') newest = laterOf(newest, { path: next.path, facts })
    else if (next.depth < most.depth) waiting.push(...childrenOf(next, files))
  }
  if (newest === null) return null
  const { path, facts } = newest
  const changedAt = new Date(Number(facts.changedNs / 1_000_000n)).toISOString()
  return { at, path, uid: facts.uid, owner: files.userName(facts.uid), changedAt }
}

function childrenOf({ path, depth }: { path: string; depth: number }, files: FilesPort) {
  const listed = files.list(path, most.inFolder)
  if (listed.state !== 'present') return []
  return listed.names.map((name) => ({ path: `${path}/${name}`, depth: depth + 1 }))
}

function laterOf<Found extends { facts: FileFacts }>(one: Found | null, other: Found): Found {
  return one === null || other.facts.changedNs > one.facts.changedNs ? other : one
}

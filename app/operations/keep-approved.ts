import type { Baseline, Observation } from '@upkeep/contract'
import { entryChanges } from '@upkeep/domain/changes/entry-change'
import { lookedAt } from '@upkeep/domain/client-edits/entry-file-at'
import { maxBytesOf } from '@upkeep/domain/client-formats/parse-text'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { isOfKind } from '@upkeep/engine/kernel/observation-index'
import { copyName, declaredInCopy } from '../restore/kept-copies.ts'

/**
 * Keeps the files of clients that declare what was approved, encrypted like those of a change, so that they can be put back. A file that is no
 * longer what was seen and approved is not kept: it is not what somebody looked at.
 */
export function keepApproved(
  { ports, kept }: Pick<ChangeWorld, 'ports' | 'kept'>,
  { id, servers }: Baseline,
  observations: readonly Observation[],
): void {
  const approved = new Set(servers.flatMap(({ subject, approved: one }) => (one === null ? [] : [subject.id])))
  const seen = observations.flatMap((one) =>
    isOfKind(one, 'declared-server') && one.state === 'seen' && approved.has(one.subject.id) ? [one.facts] : [],
  )
  for (const [path, declared] of Map.groupBy(seen, (one) => one.path)) {
    const looked = lookedAt(ports.places.list(), path)
    if (looked === null) continue
    const read = ports.files.read(path, maxBytesOf[looked.location.format])
    if (read.state !== 'present') continue
    const now = declaredInCopy(looked, read.bytes, ports.secrets)
    const names = new Set(declared.map(({ name, project }) => JSON.stringify([name, project])))
    const same = now?.filter(({ name, project }) => names.has(JSON.stringify([name, project])))
    if (same !== undefined && entryChanges(declared, same).length === 0) kept.keep(id, copyName(path), read.bytes)
  }
}

import type { Seen } from '@upkeep/contract'
import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { compareDeclared } from '@upkeep/domain/server-diff/compare-declared'
import { compareResolved } from '@upkeep/domain/server-diff/compare-resolved'
import { compareShown, type Difference, type Layer } from '@upkeep/domain/server-diff/difference'

/** A server as it was seen now. */
export interface CurrentServer {
  declared: DeclaredServer
  resolved: Seen<'resolved-package'>
  exposure: Seen<'file-exposure'>
}

/** Every difference between the approved state and what was seen now, at each layer that both know. */
export function compareServer(approved: ApprovedServer, current: CurrentServer): Difference[] {
  const { resolved, exposure } = current
  return [
    ...(approved.declared === null ? [] : compareDeclared(approved.declared, current.declared)),
    ...(approved.resolved !== null && resolved.state === 'seen'
      ? compareResolved(approved.resolved, resolved.facts)
      : []),
    ...(approved.exposure !== null && exposure.state === 'seen'
      ? comparePermissions(approved.exposure, exposure.facts)
      : []),
  ]
}

function comparePermissions(
  was: NonNullable<ApprovedServer['exposure']>,
  is: { mode: string; uid: number; gid: number; realPath: string },
): Difference[] {
  return [
    ...compareShown('permissions', 'mode', was.mode, is.mode),
    ...compareShown('permissions', 'owner', `uid ${was.uid}`, `uid ${is.uid}`),
    ...compareShown('permissions', 'group', `gid ${was.gid}`, `gid ${is.gid}`),
    ...compareShown('permissions', 'file behind links', was.realPath, is.realPath),
  ]
}

/** Most serious first: the order in which findings are stated. */
const order: readonly Layer[] = ['start', 'bytes', 'version', 'environment', 'consent', 'permissions', 'settings']

/** The differences by layer, without empty layers. */
export function layersOf(differences: readonly Difference[]): { layer: Layer; differences: Difference[] }[] {
  return order
    .map((layer) => ({ layer, differences: differences.filter((difference) => difference.layer === layer) }))
    .filter((group) => group.differences.length > 0)
}

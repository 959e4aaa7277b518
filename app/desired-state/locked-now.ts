import { type Observation, UserError } from '@upkeep/contract'
import type { LockedServer } from '@upkeep/contract/lock-file'
import type { LockFolders } from '@upkeep/domain/desired-state/lock-paths'
import { lockServer } from '@upkeep/domain/desired-state/lock-server'
import { about, indexObservations, type ObservationIndex, ofKind } from '@upkeep/engine/kernel/observation-index'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import type { Context } from '../operations/context.ts'

/** A server as a lock would say it, and as it was seen. */
export interface LockedNow {
  locked: LockedServer
  seen: Observation<'declared-server'> & { state: 'seen' }
}

/** The servers as they are now, as a lock would say them. Looks at files only, and starts nothing. */
export async function lockedNow(
  hands: { look: Context['acts']['look']; surfaces(): Promise<readonly Observation[]> },
  folders: LockFolders,
): Promise<LockedNow[]> {
  const seen = await hands.look(['client-config', 'declared-server', 'resolved-package', 'file-exposure'])
  const index = indexObservations(seen)
  refuseUnread(index)
  const surfaces = indexObservations(await hands.surfaces())
  return ofKind(index, 'declared-server').flatMap((one) => {
    // What upkeep.yaml names beside the clients is no entry of a client.
    if (one.state !== 'seen' || one.facts.client === 'upkeep') return []
    const resolved = about(index, 'resolved-package', one.subject.id)
    const exposure = about(index, 'file-exposure', `file:${one.facts.path}`)
    const surface = about(surfaces, 'tool-surface', one.subject.id)
    const listed = surface?.state === 'seen' && !surface.facts.truncated ? surface.facts : null
    const parts = {
      declared: one.facts,
      resolved: resolved?.state === 'seen' ? resolved.facts : null,
      mode: exposure?.state === 'seen' ? exposure.facts.mode : null,
      surface: listed,
    }
    return [{ locked: lockServer(parts, folders), seen: one }]
  })
}

/** A lock without the servers of a file that could not be read would say that there are none. */
function refuseUnread(index: ObservationIndex): void {
  const unread = ofKind(index, 'client-config').flatMap((one) => (one.state === 'unavailable' ? [one] : []))
  const [first] = unread
  if (first === undefined) return
  const more = unread.length > 1 ? `, and ${unread.length - 1} more` : ''
  throw new UserError(
    'bad-input',
    `${first.subject.id.replace(/^file:/, '')} could not be read: ${first.reason}${more}. Which servers it has is unknown.`,
    'Put the file right, then run this again. Nothing was written.',
  )
}

/** What servers offered when they were last listed: listing them would mean to start or to ask them. */
export async function lastSurfaces({
  existingStore,
  duties,
}: Pick<Context, 'existingStore' | 'duties'>): Promise<Observation[]> {
  const store = await existingStore()
  if (store === null) return []
  for (const duty of duties) {
    if (!duty.sees.includes('approved-server')) continue
    const run = await store.runs.latestCompleted(duty.id)
    if (run !== null) return observationsOf(store, run, ['tool-surface'])
  }
  return []
}

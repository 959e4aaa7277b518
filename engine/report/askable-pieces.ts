import { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Subject } from '@upkeep/contract/subject'
import type { StoredObservation } from '../store/stored-observations.ts'

/** What was seen that a person may be asked about. */
export interface AskablePiece {
  /** `declared`: a server is there. `approved`: so is a state of it that was approved. `not-consented`: it may not be looked at. */
  readonly what: 'declared' | 'approved' | 'not-consented'
  readonly subject: Subject
  /** Of a declared server. */
  readonly url: string | null
  /** Why it is not looked at. */
  readonly reason: string
}

/** Null where nobody is asked anything about it. */
export function askableOf(observation: StoredObservation): AskablePiece | null {
  const { kind, subject, state } = observation
  const piece = { subject, url: null, reason: '' }
  if (state === 'unavailable' && observation.code === 'not-consented')
    return { ...piece, what: 'not-consented', reason: observation.reason }
  if (state !== 'seen') return null
  if (kind === 'approved-server') return { ...piece, what: 'approved' }
  if (kind !== 'declared-server') return null
  const parsed = DeclaredServer.safeParse(observation.facts)
  return { ...piece, what: 'declared', url: parsed.success ? parsed.data.url : null }
}

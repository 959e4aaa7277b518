import { statSync } from 'node:fs'
import type { Observation, ObservationKind } from '@upkeep/contract'
import { defaultPolicies } from '@upkeep/domain/changes/approval-rule'
import { changesObservation } from '@upkeep/engine/change/changes-observation'
import { assertSealed } from '@upkeep/engine/evidence/assert-sealed'
import type { Store } from '@upkeep/engine/store/store'
import type { ActsInput } from '../acts-input.ts'
import { lockFoldersOf, lockPathOf, readLockAt } from './lock-place.ts'
import { lockedNow } from './locked-now.ts'
import { type Force, namesOf, stateInForce } from './state-in-force.ts'
import { absoluteModes, type Violation, violationsOf } from './violations.ts'

/** What looking at a desired state takes. */
export type DesiredHands = Pick<
  ActsInput,
  'upkeepFile' | 'upkeepFilePath' | 'machine' | 'places' | 'clock' | 'keyring' | 'people'
> & {
  look(kinds: readonly ObservationKind[]): Promise<readonly Observation[]>
}

/** How things stand against the lock; null where there is none. */
export interface DesiredNow {
  lockPath: string
  force: Force
  violations: Violation[]
}

/** Holds what is there against the lock. Looks at files and at the records of changes; starts and writes nothing. */
export async function desiredNow(hands: DesiredHands, store: Store): Promise<DesiredNow | null> {
  const lockPath = lockPathOf(hands)
  const read = readLockAt(lockPath)
  if (read === null) return null
  const modes = absoluteModes(hands)
  const folders = lockFoldersOf(hands, lockPath)
  const { keyring, people } = hands
  const signed = await stateInForce({ store, keyring, now: hands.clock.now() }, namesOf(read.text, modes))
  const made = await changesObservation(store, {
    people,
    policies: defaultPolicies,
    assertSealed: (type, records) => assertSealed(store, keyring, type, records),
  })
  // Without the records of changes an approved one would be taken back: then nothing is in force.
  const force: Force = made.state === 'seen' ? signed : { state: 'not', why: made.reason }
  const since = signed.state === 'in-force' ? signed.at : statSync(lockPath).mtime.toISOString()
  const now = await lockedNow({ look: hands.look, surfaces: async () => [] }, folders)
  const changes = made.state === 'seen' ? made.facts.changes : []
  return {
    lockPath,
    force,
    violations: violationsOf({ locked: read.lock.servers, now, modes, folders, changes, since }),
  }
}

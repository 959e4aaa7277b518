import { statSync } from 'node:fs'
import type { Observation, ObservationKind } from '@upkeep/contract'
import type { LockedServer } from '@upkeep/contract/lock-file'
import { changesObservation } from '@upkeep/engine/change/changes-observation'
import { assertSealed } from '@upkeep/engine/evidence/assert-sealed'
import type { Store } from '@upkeep/engine/store/store'
import type { ActsInput } from '../acts-input.ts'
import { lockFoldersOf, lockPathOf, readLockAt } from './lock-place.ts'
import { lockedNow } from './locked-now.ts'
import { checkedState, pulledBefore, trustedBy } from './pulled-state.ts'
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
  const { keyring } = hands
  const signed = await stateInForce({ store, keyring, now: hands.clock.now() }, namesOf(read.text, modes))
  const since = signed.state === 'in-force' ? signed.at : statSync(lockPath).mtime.toISOString()
  return comparedNow(hands, store, { lockPath, servers: read.lock.servers, modes, signed, since })
}

/** Holds what is there against a state that was pulled, which has to be kept here: the newest of its key, and of a key that is trusted. */
export async function pulledNow(
  hands: DesiredHands,
  store: Store,
  key: string,
  from: string,
): Promise<DesiredNow | null> {
  const now = hands.clock.now()
  const ofKey = (await pulledBefore(store)).filter(({ pulled }) => pulled.key === key)
  const [newest] = ofKey.toSorted((a, b) => b.serial - a.serial)
  const checked = newest === undefined ? null : checkedState(newest.pulled, now)
  if (newest === undefined || checked?.state !== 'good') return null
  const { servers, modes, validUntil: until } = checked.file
  const trusted = await trustedBy(store, key, now)
  const signed: Force =
    trusted === null
      ? { state: 'not', why: 'nobody let the states of this key count here: "upkeep approve key:<file>"' }
      : { state: 'in-force', by: trusted.person, at: newest.at, until }
  return comparedNow(hands, store, { lockPath: from, servers, modes, signed, since: newest.at })
}

interface Wanted {
  lockPath: string
  servers: readonly LockedServer[]
  modes: DesiredHands['upkeepFile']['modes']
  signed: Force
  since: string
}

async function comparedNow(hands: DesiredHands, store: Store, wanted: Wanted): Promise<DesiredNow> {
  const { lockPath, servers, modes, signed, since } = wanted
  const folders = lockFoldersOf(hands, lockPathOf(hands))
  const { keyring, people } = hands
  const made = await changesObservation(store, {
    people,
    // What was let through is looked at here, not by what.
    policies: async () => [],
    at: hands.clock.now(),
    kept: null,
    assertSealed: (type, records) => assertSealed(store, keyring, type, records),
  })
  // Without the records of changes an approved one would be taken back: then nothing is in force.
  const force: Force = made.state === 'seen' ? signed : { state: 'not', why: made.reason }
  const now = await lockedNow({ look: hands.look, surfaces: async () => [] }, folders)
  const changes = made.state === 'seen' ? made.facts.changes : []
  return {
    lockPath,
    force,
    violations: violationsOf({ locked: servers, now, modes, folders, changes, since }),
  }
}

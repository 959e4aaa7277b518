import type { Attestation } from '@upkeep/contract'
import { digestOf } from '@upkeep/domain/canonical-json'
import { desiredStateStatement } from '@upkeep/domain/changes/signed-statements'
import { keysInForce, wasSigned } from '@upkeep/engine/change/person-keys'
import { assertSealed } from '@upkeep/engine/evidence/assert-sealed'
import type { Keyring } from '@upkeep/engine/evidence/keyring'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from '../operations/context.ts'

/** The scope under which a person's word about a desired state is kept. */
export const desiredStateScope = 'desired-state'

/** By what a desired state is named: nothing of the lock, and no mode, can differ from what was signed. */
export interface StateNames {
  lock: string
  modes: string
}

export function namesOf(lockText: string, modes: Context['upkeepFile']['modes']): StateNames {
  return { lock: digestOf(lockText), modes: digestOf(modes) }
}

/** Who put a state in force, and since when; or why it is not. */
export type Force = { state: 'in-force'; by: string; at: string; until: string } | { state: 'not'; why: string }

/**
 * Whether a person signed exactly this lock and these modes, with the key of theirs that is in force and takes them. A record alone counts for
 * nothing: it has to be the sealed one, and its signature has to hold.
 */
export async function stateInForce(
  { store, keyring, now }: { store: Store; keyring: Keyring; now: string },
  names: StateNames,
): Promise<Force> {
  const told = (await store.attestations.list()).filter(({ scope }) => scope === desiredStateScope)
  const keys = await store.personKeys.list()
  if (told.length === 0) return { state: 'not', why: 'nobody signed a desired state: "upkeep approve desired-state"' }
  await assertSealed(store, keyring, 'attestation', told)
  if (keys.length > 0) await assertSealed(store, keyring, 'person-key', keys)
  const inForce = keysInForce(keys)
  const why = 'the lock or the modes are not those that were signed: look at them, then "upkeep approve desired-state"'
  const ofThis = told.filter(({ evidence }) => evidence[0] === names.lock && evidence[1] === names.modes)
  if (ofThis.length === 0) return { state: 'not', why }
  const held = ofThis.findLast((one) => one.validUntil > now && isSigned(one, names, inForce))
  if (held === undefined) return { state: 'not', why: 'its signature does not hold, or has ended' }
  return { state: 'in-force', by: held.signer.person, at: held.at, until: held.validUntil }
}

function isSigned(one: Attestation, names: StateNames, keys: ReturnType<typeof keysInForce>): boolean {
  const { person } = one.signer
  return wasSigned(one.signer, desiredStateStatement({ person, until: one.validUntil, ...names }), keys)
}

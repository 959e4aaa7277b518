import { fleet, type Observation } from '@upkeep/contract'
import type { ApprovalPolicy } from '@upkeep/contract/approval-policy'
import type { Approval } from '@upkeep/contract/change-step'
import { UserError } from '@upkeep/contract/errors'
import type { SeenApproval } from '@upkeep/contract/observations/changes'
import type { Person } from '@upkeep/contract/person'
import type { PersonKey } from '@upkeep/contract/person-key'
import { isAlone } from '@upkeep/domain/changes/approval-rule'
import { type ChangeState, changeState } from '@upkeep/domain/changes/change-state'
import { seenChange } from '@upkeep/domain/changes/seen-change'
import type { Store } from '../store/store.ts'
import { keysInForce, provesPresence } from './person-keys.ts'

const newest = 1_000

/** What reading the changes takes. */
export interface ChangeGrounds {
  readonly people: readonly Person[]
  readonly policies: readonly ApprovalPolicy[]
  /** Throws UserError where one of these records is not in the ledger as it was signed. */
  assertSealed(type: 'change' | 'person-key', records: readonly { id: string; at: string }[]): Promise<void>
}

/**
 * Every change, as an observation about the fleet: all that are open and the newest of the others. Where a step or a key is not the one
 * that was sealed nothing is told of any: what somebody wrote into the database is no record.
 */
export async function changesObservation(store: Store, grounds: ChangeGrounds): Promise<Observation<'changes'>> {
  const listed = await store.changes.list({ limit: newest + 1 })
  const ids = [...new Set([...listed.slice(0, newest), ...(await store.changes.open())])]
  const read = await Promise.all(ids.map((id) => store.changes.steps(id)))
  const keys = await store.personKeys.list()
  const refused = await whyNotSealed(grounds, read.flat(), keys)
  if (refused !== null) return notTold(refused)
  const states = read.map((steps) => changeState(steps))
  const broken = states.indexOf(null)
  if (broken !== -1) return notTold(`the steps of change ${ids[broken]} do not follow one another: upkeep verify`)
  const signatureOf = signaturesBy(keys)
  const changes = states
    .filter((state): state is ChangeState => state !== null)
    .map((state) => seenChange(state, { ...grounds, signatureOf: (...word) => signatureOf(state.id, ...word) }))
  const leftOut = listed.length > newest ? [`of changes that are closed the newest ${newest} are told of`] : []
  return {
    kind: 'changes',
    subject: fleet,
    state: 'seen',
    facts: { changes, alone: isAlone(grounds.people), leftOut },
  }
}

async function whyNotSealed(
  { assertSealed }: ChangeGrounds,
  steps: readonly { id: string; at: string }[],
  keys: readonly PersonKey[],
): Promise<string | null> {
  try {
    if (steps.length > 0) await assertSealed('change', steps)
    if (keys.length > 0) await assertSealed('person-key', keys)
    return null
  } catch (error) {
    if (error instanceof UserError) return `the records of changes are not those that were sealed: ${error.message}`
    throw error
  }
}

function notTold(reason: string): Observation<'changes'> {
  return { kind: 'changes', subject: fleet, state: 'unavailable', code: 'malformed', reason }
}

/** A key that came later says nothing about a signature of before, nor does one that was replaced by then. */
function signaturesBy(records: readonly PersonKey[]) {
  return (change: string, approval: Approval, at: string): SeenApproval['signature'] => {
    if (approval.signer.signature === null) return 'none'
    const keys = keysInForce(records.filter((record) => record.at <= at))
    return provesPresence(change, approval, keys) ? 'holds' : 'does-not-hold'
  }
}

import { type Acceptance, type Finding, fleet, type Instant, type Observation } from '@upkeep/contract'
import type { ApprovalPolicy } from '@upkeep/contract/approval-policy'
import type { ChangeStep } from '@upkeep/contract/change-step'
import { UserError } from '@upkeep/contract/errors'
import type { SeenUndocumented } from '@upkeep/contract/observations/changes'
import type { Attestation, Person } from '@upkeep/contract/person'
import type { PersonKey } from '@upkeep/contract/person-key'
import { activeAcceptances } from '@upkeep/domain/active-acceptances'
import { isAlone } from '@upkeep/domain/changes/approval-rule'
import { type ChangeState, changeState } from '@upkeep/domain/changes/change-state'
import { delegationScope } from '@upkeep/domain/changes/delegations'
import { duePatches } from '@upkeep/domain/changes/due-patches'
import { isReview } from '@upkeep/domain/changes/held-by-emergency'
import { isJustification } from '@upkeep/domain/changes/justifications'
import { seenChange } from '@upkeep/domain/changes/seen-change'
import { trainingScopes } from '@upkeep/domain/changes/training'
import { isUndocumented, undocumentedChanges } from '@upkeep/domain/changes/undocumented-changes'
import type { Store } from '../store/store.ts'
import { behindChanges } from './behind-changes.ts'
import type { KeptBytes } from './kept-bytes.ts'
import { keysAt, signaturesBy, signedDelegations } from './person-keys.ts'

const newest = 1_000

/** What reading the changes takes. */
export interface ChangeGrounds {
  readonly people: readonly Person[]
  /** The policies in force now, each list of which has to be satisfied. Throws UserError where their records are not the sealed ones. */
  policies(): Promise<readonly (readonly ApprovalPolicy[])[]>
  /** When it is looked: acceptances have an end. */
  readonly at: Instant
  /** What files were before; null where nobody asks whether it can be read. */
  readonly kept: KeptBytes | null
  /** Throws UserError where one of these records is not in the ledger as it was signed. */
  assertSealed(
    type: 'change' | 'person-key' | 'attestation' | 'acceptance',
    records: readonly { id: string; at: string }[],
  ): Promise<void>
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
  const stated = await store.attestations.list()
  const acceptances = await store.acceptances.list()
  const sealed = await sealedPolicies(grounds, { steps: read.flat(), keys, stated, acceptances })
  if (sealed.state === 'not') return notTold(sealed.reason)
  const { attestations } = sealed
  const states = read.map((steps) => changeState(steps))
  const broken = states.indexOf(null)
  if (broken !== -1) return notTold(`the steps of change ${ids[broken]} do not follow one another: upkeep verify`)
  const signatureOf = signaturesBy(keys)
  const delegations = signedDelegations(attestations, (at) => keysAt(keys, at))
  const sound = states.filter((state): state is ChangeState => state !== null)
  const findings = await store.findings.current()
  const known = { findings, accepted: activeAcceptances(acceptances, grounds.at) }
  const behind = await behindChanges(store, sound, { kept: grounds.kept, known })
  const changes = sound.map((state) =>
    seenChange(state, {
      ...grounds,
      policies: sealed.policies,
      attestations,
      delegations,
      signatureOf: signatureOf(state.id),
      behind: behind.get(state.id),
    }),
  )
  const leftOut = listed.length > newest ? [`of changes that are closed the newest ${newest} are told of`] : []
  return {
    kind: 'changes',
    subject: fleet,
    state: 'seen',
    facts: {
      changes,
      undocumented: await behindOurBack(store, findings, attestations),
      patches: duePatches(known, sound),
      alone: isAlone(grounds.people),
      leftOut,
    },
  }
}

function isOfChanges(one: Attestation): boolean {
  return isJustification(one) || isReview(one) || one.scope === delegationScope
}

/** Of what earlier rounds found. */
async function behindOurBack(
  store: Store,
  findings: readonly Finding[],
  attestations: readonly Attestation[],
): Promise<SeenUndocumented[]> {
  const drifted = findings.filter(isUndocumented)
  const histories = await Promise.all(drifted.map(({ statement }) => store.findings.history(statement.fingerprint)))
  return undocumentedChanges(histories, attestations)
    .slice(-newest)
    .map(({ id, subject, path, kind, uid, written, firstSeen, due, justifications }) => ({
      id,
      server: subject.name,
      path,
      kind,
      uid,
      written,
      firstSeen,
      due,
      justified: justifications.length > 0,
    }))
}

interface Records {
  readonly steps: readonly ChangeStep[]
  readonly keys: readonly PersonKey[]
  readonly acceptances: readonly Acceptance[]
  /** What people stated, of whatever. */
  readonly stated: readonly Attestation[]
}

type Policies = Awaited<ReturnType<ChangeGrounds['policies']>>
type Sealed = { state: 'sealed'; policies: Policies; attestations: readonly Attestation[] }

/** The policies in force and what was stated about changes, once it is certain that all of it is what was sealed. */
async function sealedPolicies(
  { assertSealed, policies }: ChangeGrounds,
  { steps, keys, acceptances, stated }: Records,
): Promise<Sealed | { state: 'not'; reason: string }> {
  try {
    if (steps.length > 0) await assertSealed('change', steps)
    if (keys.length > 0) await assertSealed('person-key', keys)
    if (acceptances.length > 0) await assertSealed('acceptance', acceptances)
    const inForce = await policies()
    const asked = steps.flatMap((step) => (step.is === 'go-no-go' ? (step.asked ?? []) : []))
    const trainings = trainingScopes([...inForce.flat(), ...asked])
    const attestations = stated.filter((one) => isOfChanges(one) || trainings.has(one.scope))
    if (attestations.length > 0) await assertSealed('attestation', attestations)
    return { state: 'sealed', policies: inForce, attestations }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { state: 'not', reason: `the records of changes are not those that were sealed: ${error.message}` }
  }
}

function notTold(reason: string): Observation<'changes'> {
  return { kind: 'changes', subject: fleet, state: 'unavailable', code: 'malformed', reason }
}

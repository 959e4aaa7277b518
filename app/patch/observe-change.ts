import type { Finding } from '@upkeep/contract'
import type { PlannedEffect } from '@upkeep/contract/change-plan'
import type { ChangeSighting } from '@upkeep/contract/change-step'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { shutOutBy } from '@upkeep/domain/changes/escaped'
import { touchedServers } from '@upkeep/domain/changes/touched-servers'
import { shellWord } from '@upkeep/domain/shell-word'
import { approvedObservations } from '@upkeep/engine/baseline/approved-observations'
import { effectStands } from '@upkeep/engine/change/effect-hands'
import type { KeptBytes } from '@upkeep/engine/change/kept-bytes'
import { branchPending } from '@upkeep/engine/change/ref-effect'
import { earlierProofs } from '@upkeep/engine/history/earlier-proofs'
import type { Store } from '@upkeep/engine/store/store'
import type { ActsInput } from '../acts-input.ts'
import type { Acts } from '../operations/context.ts'
import { afterwards, processesOfBefore } from './afterwards.ts'
import type { TrialHands } from './try-plan.ts'

/** What looking again takes. */
interface Hands {
  store: Store
  scan: Acts['scan']
  kept: KeptBytes
  adopted: ActsInput['adopted']
  trial(): Promise<TrialHands>
}

/**
 * Looks again: holds all that it touched against the plan, starts and attacks what the change set in force, and judges anew what it should close. Where
 * it has to be taken back nothing is judged: what was open stays open.
 */
export async function observeChange(state: ChangeState, hands: Hands): Promise<ChangeSighting> {
  const { store, scan, kept } = hands
  const { plan } = state
  const undone = state.phase === 'undone'
  const trial = await hands.trial()
  const waiting = undone
    ? []
    : await branchPending(plan, state.id, { ...trial, remediations: trial.catalog.remediations })
  const { holds, notAsked } = await allStand(state, trial)
  // Nothing is in force yet, and so there is nothing to judge.
  if (waiting.length > 0) return { holds, findings: [], pending: waiting }
  const before = await findingsOf(store, plan.closes)
  const shutOut = shutOutBy(state.tests ?? [], await provenBefore(hands, state), before)
  const { pending: running, abort, seen, prove } = await afterwards(trial, state, { kept, shutOut })
  const pending = [...notAsked, ...running]
  const also = seen.length === 0 ? {} : { seen: seen.slice(0, 500).map((line) => line.slice(0, 1_000)) }
  if (abort !== null)
    return { holds, findings: standing(plan.closes, before), pending, ...also, abort: abort.slice(0, 1_000) }
  const comparing = await comparingSurfaces(hands, prove)
  const duties = [...new Set([...before.map(({ statement }) => statement.duty), ...comparing])]
  if (duties.length > 0) await scan({ what: duties, homes: [], probe: false, online: false, prove })
  const decide = comparing.length === 0 ? [] : await toApprove(store, prove)
  return {
    holds,
    findings: standing(plan.closes, await findingsOf(store, plan.closes)),
    pending,
    ...also,
    ...(decide.length === 0 ? {} : { decide }),
  }
}

/** The same without starting or judging anything: the findings are as the last round left them. Null where that tells nothing. */
export async function glanceAtChange(
  state: ChangeState,
  { store, trial, kept }: Pick<Hands, 'store' | 'trial' | 'kept'>,
): Promise<ChangeSighting | null> {
  const { inputs, branch, closes, effects } = state.plan
  // Whether an old credential still opens takes the network, as a gateway does, a store may ask its owner, and whether a branch was merged takes git: that is for the command that goes on.
  if (inputs.some(({ kind }) => kind === 'rotate-credential') || branch !== undefined) return null
  if (effects.some(({ kind }) => asksOthers(kind))) return null
  const hands = await trial()
  const { pending, looked } = await processesOfBefore(hands, state, kept)
  if (!looked) return null
  const findings = standing(closes, await findingsOf(store, closes))
  const { holds } = await allStand(state, hands)
  return { holds, findings, pending }
}

/** Whether what an effect is about is answered for by a program of somebody else's. */
function asksOthers(kind: PlannedEffect['kind']): boolean {
  return kind === 'gateway-entry' || kind === 'stored-secret'
}

/** Whether every effect is as it shall be; a gateway or store that does not answer leaves that open. A branch that was merged may be gone. */
async function allStand({ plan, phase, left }: ChangeState, { ports }: TrialHands) {
  const as = phase === 'undone' ? 'before' : 'after'
  const notAsked: string[] = []
  let holds = true
  for (const [index, effect] of plan.effects.entries()) {
    const stands = await effectStands({ ports }, effect, as)
    if (stands !== true) holds = false
    // What could not be taken back is on record already: it is not waited for.
    if (typeof stands !== 'boolean' && asksOthers(effect.kind) && !left.has(index))
      notAsked.push(`${effect.path} could not be looked at again: ${stands.reason}`.slice(0, 1_000))
  }
  return { holds, notAsked }
}

/** What earlier runs tried on the servers that a change is about. */
async function provenBefore({ store, adopted }: Hands, { plan }: ChangeState) {
  const names = new Set(touchedServers(plan))
  const seeing = adopted.flatMap(({ duty }) =>
    Object.values(duty.needs).some(({ kind }) => kind === 'server-probes') ? [duty] : [],
  )
  const proofs = await earlierProofs(store, seeing, 'server-probes')
  return proofs.flatMap((one) => (one.state === 'seen' && names.has(one.subject.name) ? one.facts.results : []))
}

/** The adopted duties that hold what these servers offer against what a person approved; none where nobody approved any of it. */
async function comparingSurfaces({ store, adopted }: Hands, prove: readonly string[]): Promise<string[]> {
  const approved = await approvedObservations(store, [])
  const isHeld = approved.some(
    (one) => one.state === 'seen' && one.facts.surface !== null && prove.includes(one.subject.id),
  )
  if (!isHeld) return []
  return adopted.flatMap(({ duty, adopted }) => {
    const kinds = Object.values(duty.needs).map(({ kind }) => kind)
    return adopted && kinds.includes('approved-server') && kinds.includes('tool-surface') ? [duty.id] : []
  })
}

/** An approved change sets a version; what that version then offers to models is for a person to read. */
async function toApprove(store: Store, prove: readonly string[]): Promise<string[]> {
  return (await store.findings.current()).flatMap(({ state, statement: { rule, subject } }) =>
    state !== 'resolved' && rule === 'tools-changed' && prove.includes(subject.id)
      ? [
          `what ${subject.name} offers to models is not what was approved: read it with "upkeep findings ${shellWord(subject.name)}", then "upkeep baseline accept ${shellWord(subject.name)}"`,
        ]
      : [],
  )
}

async function findingsOf(store: Store, prints: readonly string[]): Promise<Finding[]> {
  const wanted = new Set(prints)
  return (await store.findings.current()).filter(({ statement }) => wanted.has(statement.fingerprint))
}

function standing(closes: readonly string[], findings: readonly Finding[]): ChangeSighting['findings'] {
  const now = new Map(findings.map((one) => [one.statement.fingerprint, one]))
  return closes.map((fingerprint) => {
    const finding = now.get(fingerprint)
    const state = finding === undefined ? 'not-looked' : finding.state === 'resolved' ? 'resolved' : 'open'
    return { fingerprint, state }
  })
}

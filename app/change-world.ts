import type { Finding, Ports } from '@upkeep/contract'
import type { Approval, ChangeSighting } from '@upkeep/contract/change-step'
import { askedBy, heldByApproval } from '@upkeep/domain/changes/approval-rule'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { heldByDocument } from '@upkeep/domain/changes/completeness'
import { contingencyOf } from '@upkeep/domain/changes/contingency'
import { type CalendarGrounds, heldByCalendar, slotFor } from '@upkeep/domain/changes/held-by-calendar'
import { heldByEmergency } from '@upkeep/domain/changes/held-by-emergency'
import { heldByRing } from '@upkeep/domain/changes/held-by-ring'
import { justificationScope, justificationsOf } from '@upkeep/domain/changes/justifications'
import { entryFileAt } from '@upkeep/domain/client-edits/entry-file-at'
import { revertEdits } from '@upkeep/domain/client-edits/revert-edits'
import type { TreePath } from '@upkeep/domain/client-formats/tree'
import { printable } from '@upkeep/domain/printable'
import { knownTokenKind } from '@upkeep/domain/redaction/secret-kinds'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { fileNow, sameState, stateOf } from '@upkeep/engine/change/file-state'
import { type KeptBytes, keptBytesIn } from '@upkeep/engine/change/kept-bytes'
import { provesPresence } from '@upkeep/engine/change/person-keys'
import { assertSealed } from '@upkeep/engine/evidence/assert-sealed'
import type { Keyring } from '@upkeep/engine/evidence/keyring'
import { seal } from '@upkeep/engine/evidence/seal'
import { ownerCheck } from '@upkeep/engine/ports/owner-check'
import type { Store } from '@upkeep/engine/store/store'
import type { ActsInput } from './acts-input.ts'
import { calendarGrounds } from './calendar-grounds.ts'
import { standingPolicy } from './desired-state/standing-policy.ts'
import type { Acts } from './operations/context.ts'
import { afterwards } from './patch/afterwards.ts'
import { gateOf } from './patch/gate-of.ts'
import type { TrialHands } from './patch/try-plan.ts'
import { approvalRules, asksOf } from './policies-in-force.ts'

/** What of the composed product making changes is handed. */
interface Hands {
  store: Store
  ports: Ports
  scan: Acts['scan']
  look: Acts['look']
  /** What is looked at with for assessing, testing and looking again, with the consents of the moment. */
  trial(): Promise<TrialHands>
}

/** Wires the making of changes to what seals, judges and looks again. */
export function changeWorld(input: ActsInput, hands: Hands): ChangeWorld {
  const { store, ports, look } = hands
  const { clock, keyring, catalog, stateDir, signal, progress, people } = input
  const kept = keptBytesIn(stateDir)
  return {
    store,
    clock,
    remediations: catalog.remediations,
    ports,
    kept,
    signal,
    progress,
    seal: async (tx, steps) => {
      await seal(
        tx,
        keyring,
        steps.map((record) => ({ type: 'change' as const, record })),
        clock.now(),
      )
    },
    assertSealed: (steps) => assertSealed(store, keyring, 'change', steps),
    ...gateOf(store, hands.trial),
    heldBy: async (state) => {
      const { policies: inForce, keys, delegations } = await approvalRules(input, store)
      const showsPresence = (approval: Approval) => provesPresence(state.id, approval, keys)
      if (inForce.state === 'changed') return inForce.reason
      const grounds = { people, delegations, now: clock.now(), showsPresence }
      const standing = await standingPolicy({ ...input, look }, store, state)
      const all = standing === null ? inForce.all : [[standing]]
      const [held] = all.flatMap((policies) => heldByApproval(state, { ...grounds, policies }) ?? [])
      const undocumented = heldByDocument(state, await sealedReasons(store, keyring, state.id))
      const planned = await calendarGrounds(input, store, state)
      return undocumented ?? held ?? heldByEmergency(state) ?? heldByPlan(state, planned)
    },
    contingency: async (state) => {
      const standing = await standingPolicy({ ...input, look }, store, state)
      const asks = standing === null ? asksOf(await approvalRules(input, store), state) : [standing]
      return { ...contingencyOf(state, { people, now: clock.now() }), asked: asks.map(askedBy) }
    },
    slotFor: async (state) => slotFor(state, await calendarGrounds(input, store, state)),
    observe: async (state) => withCheck(state, await observed(state, hands, kept), signal),
    revert: (texts) => revertIn(input.places, texts),
  }
}

/** By the rings before it, and by the calendar. */
function heldByPlan(state: ChangeState, grounds: CalendarGrounds): string | null {
  return heldByRing(state, grounds.others, grounds.now) ?? heldByCalendar(state, grounds)
}

/** Why a change is made, as people said since, once it is certain that they did. */
async function sealedReasons(store: Store, keyring: Keyring, change: string): Promise<string[]> {
  const about = (await store.attestations.list()).filter(({ scope }) => scope === justificationScope(change))
  if (about.length > 0) await assertSealed(store, keyring, 'attestation', about)
  return justificationsOf(about, change).map(({ reason }) => reason)
}

/** In a client's file only what the change wrote is taken back; of any other file nobody knows which part that is. */
function revertIn(places: ActsInput['places'], { path, before, after, now }: Parameters<ChangeWorld['revert']>[0]) {
  const file = entryFileAt(places, path, now)
  if (file === null)
    return { state: 'refused' as const, reason: 'somebody changed it since, and it is no file of a client' }
  const reverted = revertEdits(before, after, now, file.location.format)
  if (reverted.state === 'refused') return reverted
  // Names of the path are text of the file, and the record that they go into is kept.
  const shown = (path: TreePath) => path.map((key) => (knownTokenKind(String(key)) === null ? key : '…')).join('.')
  return { ...reverted, left: reverted.left.map((path) => printable(shown(path), { maxLength: 120 })) }
}

/** Looks again with the duties whose findings the change should close, and holds every file against the plan. */
async function observed(state: ChangeState, { store, scan, trial }: Hands, kept: KeptBytes): Promise<ChangeSighting> {
  const { plan, phase } = state
  const undone = phase === 'undone'
  const expected = plan.effects.map(({ path, before, after }) => ({ path, to: undone ? before : after }))
  const stands = expected.filter(({ path, to }) => {
    const now = fileNow(path)
    return now.state !== 'unavailable' && sameState(stateOf(now), to)
  })
  const { pending, abort, seen, prove } = await afterwards(await trial(), state, kept)
  const before = await findingsOf(store, plan.closes)
  const duties = [...new Set(before.map(({ statement }) => statement.duty))]
  if (duties.length > 0) await scan({ what: duties, homes: [], probe: false, online: false, prove })
  const after = new Map((await findingsOf(store, plan.closes)).map((one) => [one.statement.fingerprint, one]))
  return {
    holds: stands.length === expected.length,
    findings: plan.closes.map((fingerprint) => ({ fingerprint, state: standing(after.get(fingerprint)) })),
    pending,
    ...(seen.length === 0 ? {} : { seen: seen.slice(0, 500).map((line) => line.slice(0, 1_000)) }),
    ...(abort === null ? {} : { abort: abort.slice(0, 1_000) }),
  }
}

/** In a rollout the owner's own check has the last word: what it does not like is taken back by itself. */
async function withCheck(state: ChangeState, seen: ChangeSighting, signal: AbortSignal): Promise<ChangeSighting> {
  const { ring } = state.plan
  if (ring === undefined || ring.check === null || state.phase !== 'applied') return seen
  const why = await ownerCheck({ ...ring, program: ring.check }, signal)
  return why === null ? seen : { ...seen, abort: why }
}

async function findingsOf(store: Store, prints: readonly string[]): Promise<Finding[]> {
  const wanted = new Set(prints)
  return (await store.findings.current()).filter(({ statement }) => wanted.has(statement.fingerprint))
}

function standing(finding: Finding | undefined): 'resolved' | 'open' | 'not-looked' {
  if (finding === undefined) return 'not-looked'
  return finding.state === 'resolved' ? 'resolved' : 'open'
}

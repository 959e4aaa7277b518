import type { Observation, Ports } from '@upkeep/contract'
import type { Approval, ChangeSighting } from '@upkeep/contract/change-step'
import { askedBy, heldByApproval } from '@upkeep/domain/changes/approval-rule'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { heldByDocument } from '@upkeep/domain/changes/completeness'
import { contingencyOf, declaredAmong } from '@upkeep/domain/changes/contingency'
import { heldByBranch, heldBySkip, versionsIn } from '@upkeep/domain/changes/held-by-branch'
import { type CalendarGrounds, heldByCalendar, keepsItsTime, slotFor } from '@upkeep/domain/changes/held-by-calendar'
import { heldByEmergency } from '@upkeep/domain/changes/held-by-emergency'
import { heldByRing } from '@upkeep/domain/changes/held-by-ring'
import { justificationScope, justificationsOf } from '@upkeep/domain/changes/justifications'
import { isSkip } from '@upkeep/domain/changes/skipped-versions'
import { entryFileAt } from '@upkeep/domain/client-edits/entry-file-at'
import { revertEdits } from '@upkeep/domain/client-edits/revert-edits'
import type { TreePath } from '@upkeep/domain/client-formats/tree'
import { printable } from '@upkeep/domain/printable'
import { knownTokenKind } from '@upkeep/domain/redaction/secret-kinds'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { keptBytesIn } from '@upkeep/engine/change/kept-bytes'
import { provesPresence } from '@upkeep/engine/change/person-keys'
import { storedChange } from '@upkeep/engine/change/record-step'
import { assertSealed } from '@upkeep/engine/evidence/assert-sealed'
import type { Keyring } from '@upkeep/engine/evidence/keyring'
import { seal } from '@upkeep/engine/evidence/seal'
import { isOfKind } from '@upkeep/engine/kernel/observation-index'
import { ownerCheck } from '@upkeep/engine/ports/owner-check'
import type { Store } from '@upkeep/engine/store/store'
import type { ActsInput } from './acts-input.ts'
import { calendarGrounds } from './calendar-grounds.ts'
import { standingPolicy } from './desired-state/standing-policy.ts'
import type { Acts } from './operations/context.ts'
import { gateOf } from './patch/gate-of.ts'
import { glanceAtChange, observeChange } from './patch/observe-change.ts'
import type { TrialHands } from './patch/try-plan.ts'
import { approvalRules, asksOf } from './policies-in-force.ts'

/** What of the composed product making changes is handed. */
interface Hands {
  store: Store
  ports: Ports
  stores: ChangeWorld['stores']
  scan: Acts['scan']
  look: Acts['look']
  /** What is looked at with for assessing, testing and looking again, with the consents of the moment. */
  trial(): Promise<TrialHands>
}

/** Wires the making of changes to what seals, judges and looks again. */
export function changeWorld(input: ActsInput, hands: Hands): ChangeWorld {
  const { store, ports, stores, look } = hands
  const { clock, keyring, catalog, stateDir, signal, progress, people, adopted } = input
  const kept = keptBytesIn(stateDir)
  const lacking = async (state: ChangeState) => heldByDocument(state, await sealedReasons(store, keyring, state.id))
  return {
    store,
    clock,
    remediations: catalog.remediations,
    ports,
    stores,
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
      const branched = await heldAsBranch(input, hands, state)
      if (branched !== null) return branched
      const { policies: inForce, keys, delegations, isTrained } = await approvalRules(input, store)
      const showsPresence = (approval: Approval) => provesPresence(state.id, approval, keys)
      if (inForce.state === 'changed') return inForce.reason
      const grounds = { people, delegations, now: clock.now(), showsPresence, isTrained }
      const standing = await standingPolicy({ ...input, look }, store, state)
      const all = standing === null ? inForce.all : [[standing]]
      const [held] = all.flatMap((policies) => heldByApproval(state, { ...grounds, policies }) ?? [])
      const undocumented = await lacking(state)
      const planned = await calendarGrounds(input, store, state)
      return undocumented ?? held ?? heldByEmergency(state) ?? heldByPlan(state, planned)
    },
    lacking,
    contingency: async (state) => {
      const standing = await standingPolicy({ ...input, look }, store, state)
      const asks = standing === null ? asksOf(await approvalRules(input, store), state) : [standing]
      const estate = { people, declared: declaredAmong(await look(['declared-server', 'client-config'])) }
      return { ...contingencyOf(state, { ...estate, now: clock.now() }), asked: asks.map(askedBy) }
    },
    slotFor: async (state) => slotFor(state, await calendarGrounds(input, store, state)),
    keepsItsTime: async (state) => keepsItsTime(state, await calendarGrounds(input, store, state)),
    glance: (state) => glanceAtChange(state, { ...hands, kept }),
    observe: async (state) => withCheck(state, await observeChange(state, { ...hands, kept, adopted }), signal),
    revert: (texts) => revertIn(input, texts),
  }
}

/** By a decision to pass a version over, and by what keeps branches few and their versions not too young. */
async function heldAsBranch(
  { keyring, clock, upkeepFile }: ActsInput,
  { store, look }: Hands,
  state: ChangeState,
): Promise<string | null> {
  const now = clock.now()
  const attestations = await sealedSkips(store, keyring)
  const skipped = heldBySkip(state, { attestations, now })
  if (skipped !== null || state.plan.branch === undefined) return skipped
  const open = await Promise.all((await store.changes.open()).map((id) => storedChange(store, id)))
  const offered = versionsIn(state.plan).length === 0 ? [] : await look(['registry'])
  return heldByBranch(state, {
    others: open.filter((one) => one !== null),
    settings: upkeepFile.branches,
    publishedAt: (name, version) => publishedAt(offered, name, version),
    now,
  })
}

function publishedAt(offered: readonly Observation[], name: string, version: string): string | null {
  const listed = offered.flatMap((one) => (isOfKind(one, 'registry') && one.state === 'seen' ? one.facts.packages : []))
  const packument = listed.find((one) => one.name === name && one.datesDoubted === undefined)
  return packument?.versions.find((one) => one.version === version)?.publishedAt ?? null
}

/** What people passed over, once it is certain that they did. */
async function sealedSkips(store: Store, keyring: Keyring) {
  const about = (await store.attestations.list()).filter(isSkip)
  if (about.length > 0) await assertSealed(store, keyring, 'attestation', about)
  return about
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

/** In a client's file and in `upkeep.yaml` only what the change wrote is taken back; of any other file nobody knows which part that is. */
function revertIn(
  { places, upkeepFilePath }: Pick<ActsInput, 'places' | 'upkeepFilePath'>,
  { path, before, after, now }: Parameters<ChangeWorld['revert']>[0],
) {
  const format = path === upkeepFilePath ? 'yaml' : entryFileAt(places, path, now)?.location.format
  if (format === undefined)
    return { state: 'refused' as const, reason: 'somebody changed it since, and it is no file of a client' }
  const reverted = revertEdits(before, after, now, format)
  if (reverted.state === 'refused') return reverted
  // Names of the path are text of the file, and the record that they go into is kept.
  const shown = (path: TreePath) => path.map((key) => (knownTokenKind(String(key)) === null ? key : '…')).join('.')
  return { ...reverted, left: reverted.left.map((path) => printable(shown(path), { maxLength: 120 })) }
}

/** In a rollout the owner's own check has the last word: what it does not like is taken back by itself. */
async function withCheck(state: ChangeState, seen: ChangeSighting, signal: AbortSignal): Promise<ChangeSighting> {
  const { ring } = state.plan
  if (ring === undefined || ring.check === null || state.phase !== 'applied') return seen
  const why = await ownerCheck({ ...ring, program: ring.check }, signal)
  return why === null ? seen : { ...seen, abort: why }
}

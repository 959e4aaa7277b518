import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Observation } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ShutOut } from '@upkeep/domain/changes/escaped'
import type { KeptBytes } from '@upkeep/engine/change/kept-bytes'
import { placeTree, takeTreeAway } from '@upkeep/engine/change/place-tree'
import { workOut } from '@upkeep/engine/change/plan-branch'
import { prospectivePorts } from '@upkeep/engine/collect/prospective-ports'
import { checkCredentials } from '../credentials/check-credentials.ts'
import { stillNamed } from '../cut-off/still-named.ts'
import { entryOf, isIn, versionSteps } from './prospect.ts'
import { attacked, whyNot } from './through-entry.ts'
import { treeSeen } from './tree-seen.ts'
import { look, type TrialHands } from './try-plan.ts'
import { wallsFault } from './walls-fault.ts'

/** What stands in the way of a change being in force, and whether it has to be taken back. */
export interface Afterwards {
  readonly pending: string[]
  readonly abort: string | null
  /** How credentials that were replaced were seen to stand. */
  readonly seen: string[]
  /** Servers that were started anew and may be run: their deployed entries are probed. */
  readonly prove: string[]
}

const nothing: Afterwards = { pending: [], abort: null, seen: [], prove: [] }

/**
 * Looks at what a change has set in force: puts the tested tree where the launcher looks for it, starts the entry as it now stands in the
 * file, attacks it, and looks for processes of before. Taken back, it takes the tree away again.
 */
export async function afterwards(
  hands: TrialHands,
  state: ChangeState,
  { kept, shutOut }: { kept: KeptBytes; shutOut: ShutOut },
): Promise<Afterwards> {
  const named = state.plan.inputs.flatMap((input) => ('server' in input ? [input] : []))
  if (named.length === 0) return nothing
  const places = hands.places.filter((place) => named.some(({ path }) => isIn(place, path)))
  if (state.phase === 'undone') {
    takeTreesAway(hands, state)
    return nothing
  }
  const unplaced = placeTrees(hands, state, declaredIn(await look(hands, places, hands.ports, ['declared-server'])))
  const seen = await look(hands, places, hands.ports, ['declared-server', 'run-plan'])
  // What is switched off is started by nobody, and must not be switched on again because it fails.
  const subjects = declaredIn(seen).flatMap((one) =>
    one.state === 'seen' && !one.facts.disabled && named.some((input) => entryOf([one], input) !== null)
      ? [one.subject]
      : [],
  )
  const prove: string[] = []
  for (const subject of subjects) {
    const plan = seen.find((one) => one.kind === 'run-plan' && one.subject.id === subject.id)
    if (plan?.kind !== 'run-plan' || plan.state !== 'seen') continue
    const walls = wallsFault(hands, plan.facts)
    if (walls !== null) return { ...nothing, abort: `the walls of ${subject.name} do not stand here: ${walls}` }
    const why = await whyNot(hands, state, subject, plan.facts)
    if (why === 'not-let') continue
    if (why !== null) return { ...nothing, abort: why }
    prove.push(subject.id)
  }
  const through = await attacked(hands, places, prove, shutOut)
  if (through !== null) return { ...nothing, abort: through }
  const credentials = await checkCredentials(hands, state, kept)
  if (credentials.abort !== null) return { ...nothing, seen: credentials.seen, abort: credentials.abort }
  const { pending } = await processesOfBefore(hands, state, kept)
  const alsoSeen = [...(await stillNamed(hands, state)), ...(await treeSeen(hands, state))]
  const seenSince = [...unplaced, ...credentials.seen, ...alsoSeen]
  return { pending: [...credentials.pending, ...pending], abort: null, seen: seenSince, prove }
}

/** Whether what a change replaced still runs, one line for each process; and whether it could be looked for at all. */
export async function processesOfBefore(
  hands: TrialHands,
  state: ChangeState,
  kept: KeptBytes,
): Promise<{ pending: string[]; looked: boolean }> {
  const named = state.plan.inputs.flatMap((input) => ('server' in input ? [input] : []))
  const places = hands.places.filter((place) => named.some(({ path }) => isIn(place, path)))
  const before = prospectivePorts(hands.ports, { files: await bytesBefore(state, kept, hands), trees: [] })
  const running = await look(hands, places, before, ['declared-server', 'host-processes'])
  const ids = declaredIn(running).flatMap((one) =>
    named.some((input) => entryOf([one], input) !== null) ? [one.subject.id] : [],
  )
  const processes = running.filter((one) => one.kind === 'host-processes' && ids.includes(one.subject.id))
  return {
    pending: stillRunning(running, ids, state),
    looked: processes.length > 0 && processes.every((one) => one.state !== 'unavailable'),
  }
}

/** Puts what was tested where its launcher looks for it; returns what could not be put there, in words. */
function placeTrees(
  hands: TrialHands,
  state: ChangeState,
  declared: readonly Observation<'declared-server'>[],
): string[] {
  return versionSteps(state.plan, declared, hands).flatMap(({ at, candidate, there, input }) => {
    if (at === null || candidate === null || there || candidate.scripts.length > 0) return []
    if (input.integrity !== candidate.integrity) return []
    const placed = placeTree(candidate.tree, at)
    if (placed === 'placed') writeFileSync(noteOf(candidate.tree, state.id), at, { mode: 0o600 })
    if (typeof placed === 'string') return []
    return [`${input.server}: ${placed.reason}; its client fetches ${input.package} ${input.to} at its next start`]
  })
}

/** Only what this very change put there: what a launcher laid out by itself is its own. */
function takeTreesAway({ stateDir }: TrialHands, { id }: ChangeState): void {
  const folder = join(stateDir, 'candidates')
  const notes = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(`.placed-${id}`)) : []
  for (const note of notes) {
    const at = readFileSync(join(folder, note), 'utf8')
    if (/[\\/]_npx[\\/][0-9a-f]{16}$/.test(at)) takeTreeAway(at)
    rmSync(join(folder, note))
  }
}

function noteOf(tree: string, change: string): string {
  return `${tree}.placed-${change}`
}

/** The files as they were before the change: by them the processes of before are told from others. */
async function bytesBefore(
  { id, plan }: ChangeState,
  kept: KeptBytes,
  hands: TrialHands,
): Promise<Map<string, Uint8Array | 'absent'>> {
  if (plan.branch !== undefined) {
    const { files } = await workOut(plan, { ...hands, remediations: hands.catalog.remediations })
    return new Map(files.map(({ path, now }) => [path, now.state === 'file' ? now.bytes : ('absent' as const)]))
  }
  const files = new Map<string, Uint8Array | 'absent'>()
  for (const [index, effect] of plan.effects.entries()) {
    if (effect.kind !== 'file') continue
    const { path, before } = effect
    const bytes = before.state === 'absent' ? 'absent' : kept.read(id, `${index}-before`)
    if (bytes !== null) files.set(path, bytes)
  }
  return files
}

/** Processes that were started before the change was made: what they run is what was there then. */
function stillRunning(running: readonly Observation[], ids: readonly string[], { appliedAt }: ChangeState): string[] {
  if (appliedAt === null) return []
  const clients = new Map(
    declaredIn(running).flatMap((one) => (one.state === 'seen' ? [[one.subject.id, one.facts.client] as const] : [])),
  )
  return running.flatMap((one) => {
    if (one.kind !== 'host-processes' || one.state !== 'seen' || !ids.includes(one.subject.id)) return []
    const old = one.facts.processes.filter(({ by, startedAt }) => by === 'command-line' && startedAt < appliedAt)
    const client = clients.get(one.subject.id) ?? 'its client'
    return old.map(
      ({ pid }) => `process ${pid} of ${one.subject.name} still runs what was there before: restart ${client}`,
    )
  })
}

function declaredIn(seen: readonly Observation[]): Observation<'declared-server'>[] {
  return seen.filter((one): one is Observation<'declared-server'> => one.kind === 'declared-server')
}

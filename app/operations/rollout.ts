import { basename, resolve, sep } from 'node:path'
import { type ChangeInput, type ChangeRing, type Ring, UserError } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { type RingTarget, ringPlan } from '@upkeep/domain/changes/ring-plan'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange, makeChange, takeBack } from '@upkeep/engine/change/drive-change'
import { planChange, prepareChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { newId } from '@upkeep/engine/kernel/ids'
import { fileDigest, ownerCheck } from '@upkeep/engine/ports/owner-check'
import { counted } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { knownChanges } from '../calendar-grounds.ts'
import { asItIsNow, askApproval, asTheOnlyMaker } from './change-flow.ts'
import { ChangeOutput, changeOutput } from './change-output.ts'
import { changeRow } from './change-text.ts'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'
import { namedBy, standingFindings } from './find-findings.ts'
import { defineOperation } from './operation.ts'
import { tellOfEnd } from './tell-of-change.ts'
import { tellTakenOn } from './tell-taken-on.ts'

const Output = z.strictObject({
  rings: z.array(z.strictObject({ name: z.string(), homes: z.int(), files: z.int(), change: ChangeOutput })),
  stopped: z.string().nullable().describe('Why the rollout does not go on now; null when it is done'),
})
type Output = z.infer<typeof Output>

/** One change over many homes: ring by ring, each of which has to hold before the next begins. */
export const rollout = defineOperation({
  id: 'rollout',
  summary: 'make a change over many homes, ring by ring: canary, part, all; what goes wrong is taken back and stops it',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    what: z
      .array(z.string())
      .default([])
      .describe('Servers, duties, rules or fingerprints; none goes on with what is open'),
    homes: z
      .array(z.string())
      .max(100)
      .default([])
      .meta({ description: 'Folders whose subfolders are homes', valueName: 'folder', local: true }),
    reason: z.string().min(1).max(2_000).optional().describe('Why it is made, for the record'),
    key: z
      .string()
      .optional()
      .meta({ description: 'Approve with this SSH key, as "approve" does', valueName: 'file', local: true }),
  }),
  output: Output,
  cli: {
    verb: 'rollout',
    positionals: ['what'],
    listed: 'rest',
    examples: [
      { command: 'upkeep rollout fs --homes /srv/homes', says: 'plans every ring, and makes the first' },
      { command: 'upkeep rollout', says: 'goes on with the next ring, once the one before has held' },
    ],
  },
  async run(context, input) {
    await requireStore(context)
    const homes = input.homes.map((folder) => resolve(context.machine.cwd, folder))
    await giveUpHalfPlanned(context)
    const states = input.what.length === 0 ? await openRollout(context) : await planned(context, input, homes)
    const { made, stopped } = await rolledOn(context, states, input.key)
    return answerOf(context, made, stopped)
  },
})

/**
 * Gives up a rollout that was stopped while its rings were planned: made as it is, its last rings would be missing, and it would call itself
 * done. None of it was made.
 */
async function giveUpHalfPlanned(context: Context): Promise<void> {
  const world = await context.acts.changes()
  await asTheOnlyMaker(context, world, async () => {
    const { store } = world
    const open = (await knownChanges(store)).filter(({ phase }) => phase === 'proposed')
    const left = open.filter((state) => isHalfPlanned(state, open))
    if (left.length === 0) return
    // One whose last ring is closed already, long ago even, was planned to its end.
    const all = await Promise.all((await store.changes.list()).map((id) => storedChange(store, id)))
    const half = left.filter((state) => isHalfPlanned(state, all))
    for (const state of half)
      await abandonChange(world, state, 'it was stopped before all of its rings were planned', context.signer)
    if (half.length > 0)
      context.tell('A rollout that was stopped while it was planned is given up. Nothing of it was made.')
  })
}

/** Rings are planned in their order: without its last one a rollout is not all there. */
function isHalfPlanned({ plan: { ring } }: ChangeState, among: readonly (ChangeState | null)[]): boolean {
  if (ring === undefined) return false
  return !among.some((one) => one?.plan.ring?.rollout === ring.rollout && one.plan.ring.index === ring.of - 1)
}

/** Plans alone, so that nobody takes the rings planned so far for all of them. */
async function planned(
  context: Context,
  input: { what: readonly string[]; reason?: string | undefined },
  homes: readonly string[],
): Promise<ChangeState[]> {
  return asTheOnlyMaker(context, await context.acts.changes(), () => proposed(context, input, homes))
}

/** The oldest rollout that is not at its end. */
async function openRollout(context: Context): Promise<ChangeState[]> {
  const all = await knownChanges(await requireStore(context))
  const open = all.filter((one) => one.plan.ring !== undefined && one.phase !== 'closed')
  const id = open.map((one) => one.plan.ring?.rollout ?? '').sort()[0]
  if (id === undefined)
    throw new UserError('not-found', 'No rollout is open.', 'Begin one: upkeep rollout <server> --homes <folder>')
  return inOrder(all.filter((one) => one.plan.ring?.rollout === id))
}

function inOrder(states: readonly ChangeState[]): ChangeState[] {
  return [...states].sort((one, other) => (one.plan.ring?.index ?? 0) - (other.plan.ring?.index ?? 0))
}

type Target = RingTarget & { folder: string; input: ChangeInput; fingerprint: string }

/** Plans every ring before the first is made, so that one look shows all of it. */
async function proposed(
  context: Context,
  { what, reason }: { what: readonly string[]; reason?: string | undefined },
  homes: readonly string[],
): Promise<ChangeState[]> {
  const targets = await targetsIn(context, what, homes)
  const shares = ringPlan(context.upkeepFile.rings, targets)
  const rollout = newId(context.clock.now())
  const states: ChangeState[] = []
  for (const [index, share] of shares.entries()) {
    const folders = [...new Set(share.targets.map(({ folder }) => folder))].sort()
    const ring = ringOf(share.ring, { rollout, index, of: shares.length, homes: folders })
    const world = await context.acts.changes(folders)
    const inputs = share.targets.map(({ input }) => input)
    const title = `${what.join(', ')} over ${counted(folders.length, 'home')}: ring ${index + 1} of ${shares.length}, ${ring.name}`
    const closes = share.targets.map(({ fingerprint }) => fingerprint)
    const plan = await planChange(world, { inputs, title: title.slice(0, 300), class: 'normal', closes, ring })
    if (plan === null)
      throw new UserError(
        'change-impossible',
        `Nothing is to be done in ring "${ring.name}".`,
        'Scan again, and see "upkeep findings".',
      )
    const by = { requester: context.signer, reason: reason ?? null }
    states.push(await proposeChange(world, plan, by))
  }
  return states
}

function ringOf(
  { name, soakMinutes, check }: Ring,
  place: Pick<ChangeRing, 'rollout' | 'index' | 'of' | 'homes'>,
): ChangeRing {
  return {
    ...place,
    name,
    soakMinutes,
    check: check ?? null,
    checkDigest: check === undefined ? null : fileDigest(check),
  }
}

async function targetsIn(context: Context, what: readonly string[], homes: readonly string[]): Promise<Target[]> {
  if (homes.length === 0) throw new UserError('bad-input', 'No homes are named.', 'Name folders of homes with --homes.')
  const standing = await standingFindings(await requireStore(context), context.clock.now())
  const open = standing.filter(({ finding }) => finding.state !== 'resolved')
  const found = new Map<string, Target>()
  for (const { finding } of what.flatMap((word) => namedBy(word, open)))
    for (const { change } of finding.statement.proposals) {
      const folder = homeOf(change.path, homes)
      const server = 'server' in change ? change.server : null
      if (folder !== null)
        found.set(JSON.stringify(change), {
          folder,
          home: basename(folder),
          server,
          input: change,
          fingerprint: finding.statement.fingerprint,
        })
    }
  if (found.size > 0) return [...found.values()]
  throw new UserError(
    'not-found',
    'Nothing named can be changed in these homes.',
    'Look at them first: upkeep scan --homes <folder>',
  )
}

/** The home that a file lies in: a subfolder of one of the folders. */
function homeOf(path: string, folders: readonly string[]): string | null {
  const folder = folders.find((one) => path.startsWith(one + sep))
  const name = folder === undefined ? undefined : path.slice(folder.length + 1).split(sep)[0]
  return folder === undefined || name === undefined ? null : folder + sep + name
}

interface Rolled {
  made: ChangeState[]
  stopped: string | null
}

/** Makes ring after ring until one has to be waited for, or went wrong: then what is left is given up. */
async function rolledOn(context: Context, states: readonly ChangeState[], key: string | undefined): Promise<Rolled> {
  const made: ChangeState[] = []
  for (const [index, given] of states.entries()) {
    const before = made.at(-1)
    const failed = before === undefined || given.phase === 'closed' ? null : await failedSince(context, before)
    if (failed !== null) return stoppedAt(context, failed, [...made.slice(0, -1), failed], states.slice(index))
    const world = await context.acts.changes(given.plan.ring?.homes ?? [])
    const state = await ringMade(context, world, given, key)
    made.push(state)
    if (state.outcome === 'done') continue
    const rest = states.slice(index + 1)
    if (state.outcome !== null) return stoppedAt(context, state, made, rest)
    return { made: [...made, ...rest], stopped: (await world.heldBy(state)) ?? 'it is not in force yet' }
  }
  return { made, stopped: null }
}

async function stoppedAt(
  context: Context,
  { plan, closing }: ChangeState,
  made: readonly ChangeState[],
  rest: readonly ChangeState[],
): Promise<Rolled> {
  const stopped = `it stopped in ring "${plan.ring?.name ?? ''}": ${closing ?? ''}`
  return { made: [...made, ...(await givenUp(context, rest))], stopped }
}

async function ringMade(
  context: Context,
  world: ChangeWorld,
  given: ChangeState,
  key: string | undefined,
): Promise<ChangeState> {
  if (given.phase === 'closed') return given
  let state = await prepareChange(world, given)
  if (state.phase === 'proposed' && state.approvals.length === 0)
    state = await tellTakenOn(context, world.store, await askApproval(context, world, state, key))
  if (state.phase === 'proposed' && (await world.heldBy(state)) !== null) return state
  const made = await asTheOnlyMaker(context, world, async (maker) =>
    makeChange(world, await asItIsNow(world, state), maker),
  )
  return tellOfEnd(context, world, made)
}

/** Asks the ring before once more, when its time is over: what went wrong meanwhile is taken back there. */
async function failedSince(context: Context, before: ChangeState): Promise<ChangeState | null> {
  const { ring } = before.plan
  if (ring === undefined || ring.check === null || before.outcome !== 'done') return null
  const why = await ownerCheck({ ...ring, program: ring.check }, context.signal)
  if (why === null) return null
  const world = await context.acts.changes(ring.homes)
  const taken = await asTheOnlyMaker(context, world, async (maker) =>
    takeBack(world, await asItIsNow(world, before), { why, signer: null }, maker),
  )
  return tellOfEnd(context, world, taken)
}

async function givenUp(context: Context, states: readonly ChangeState[]): Promise<ChangeState[]> {
  const world = await context.acts.changes()
  const closed: ChangeState[] = []
  for (const state of states)
    closed.push(
      state.phase === 'proposed'
        ? await abandonChange(world, state, 'the rollout stopped in a ring before it', context.signer)
        : state,
    )
  return closed
}

function answerOf(context: Context, states: readonly ChangeState[], stopped: string | null) {
  const output: Output = {
    rings: states.map((state) => ({
      name: state.plan.ring?.name ?? '',
      homes: state.plan.ring?.homes.length ?? 0,
      files: state.plan.effects.length,
      change: changeOutput(state, null),
    })),
    stopped,
  }
  const rows = states.map((state) => ({ ...changeRow(state, null, context.clock.now()), command: null }))
  return {
    output,
    text: (style: Parameters<typeof layRows>[1]) => `${layRows(rows, style).join('\n')}\n${endOf(states, stopped)}\n`,
    ...(stopped === null ? {} : { outcome: 'findings' as const }),
  }
}

/** What is left to do: where a ring failed nothing goes on by itself, and where one has only to hold it does. */
function endOf(states: readonly ChangeState[], stopped: string | null): string {
  if (stopped === null) return 'Every ring is done.'
  return states.some(({ outcome }) => outcome === null)
    ? `Not further for now: ${stopped}. Go on with: upkeep rollout`
    : `Stopped: ${stopped}.\nThat is put right first; then all is planned anew: upkeep rollout <server> --homes <folder>`
}

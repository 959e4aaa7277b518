import type { ChangeInput } from '@upkeep/contract/change'
import { type ChangeClass, ChangePlan, type PlannedEffect } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { Signer } from '@upkeep/contract/person'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { type ChangeState, changeState } from '@upkeep/domain/changes/change-state'
import { newId } from '../kernel/ids.ts'
import { sha256 } from '../kernel/sha256.ts'
import type { ChangeWorld } from './change-world.ts'
import { changedEntries } from './changed-entries.ts'
import { workOut } from './plan-branch.ts'
import { recordStep } from './record-step.ts'

/** What somebody wants made. */
export interface Wanted {
  readonly inputs: readonly ChangeInput[]
  readonly title: string
  readonly class: ChangeClass
  readonly closes: readonly string[]
  /** What has to be known about the way there, such as why it is this version. */
  readonly said?: readonly string[]
  readonly ring?: ChangePlan['ring']
  readonly branch?: ChangePlan['branch']
  readonly costs?: ChangePlan['costs']
  readonly requester: Signer
  readonly reason: string | null
}

/** A plan, worked out and not yet stored: for showing. Null where there is nothing to do: all is as it should be. */
export async function planChange(
  world: Pick<ChangeWorld, 'remediations' | 'ports' | 'clock'>,
  wanted: Omit<Wanted, 'requester' | 'reason'>,
): Promise<ChangePlan | null> {
  const { effects, files, summary, limits, irreversible } = await workOut(
    { inputs: [...wanted.inputs], branch: wanted.branch },
    world,
  )
  if (effects.length === 0) return null
  refuseBranchThere(effects)
  const entries = changedEntries(files, world.ports)
  const madeAt = world.clock.now()
  return ChangePlan.parse({
    format: 'upkeep-change-plan/1',
    change: newId(madeAt),
    class: wanted.class,
    title: wanted.title,
    inputs: wanted.inputs,
    effects,
    summary,
    limits: [...new Set([...(wanted.said ?? []), ...limits])].slice(0, 500).map((line) => line.slice(0, 1_000)),
    irreversible,
    closes: [...new Set(wanted.closes)].sort(),
    ...(entries.length === 0 ? {} : { entries }),
    ...(wanted.ring === undefined ? {} : { ring: wanted.ring }),
    ...(wanted.branch === undefined ? {} : { branch: wanted.branch }),
    ...(wanted.costs === undefined ? {} : { costs: wanted.costs }),
    madeAt,
  })
}

function refuseBranchThere(effects: readonly PlannedEffect[]): void {
  const there = effects.find((effect) => effect.kind === 'git-ref' && effect.before.state !== 'absent')
  if (there === undefined) return
  throw new UserError(
    'change-impossible',
    `${there.path}: a branch of that name is there already.`,
    'Merge it, or delete it with "git branch -D", and ask again.',
  )
}

/** What a person approves: SHA-256 of the plan's canonical form. */
export function planDigest(plan: ChangePlan): string {
  return sha256(canonicalJson(plan))
}

/** Puts a plan before the gate: stored, assessed and tested. Two open changes never touch the same file, but for an emergency. */
export async function proposeChange(
  world: ChangeWorld,
  plan: ChangePlan,
  { requester, reason }: Pick<Wanted, 'requester' | 'reason'>,
): Promise<ChangeState> {
  const digest = planDigest(plan)
  const first = { is: 'proposed' as const, plan, digest, requester, reason }
  const state = await recordStep(world, { id: plan.change, next: 0, steps: [] }, first, async (tx) => {
    for (const id of await tx.changes.open()) refuseClash(changeState(await tx.changes.steps(id)), plan)
  })
  return prepareChange(world, state)
}

/** Goes on with what a change lacks before anybody can be asked. Each part is stored when it is done. */
export async function prepareChange(world: ChangeWorld, given: ChangeState): Promise<ChangeState> {
  let state = given
  if (state.assessment === null) {
    world.progress('Working out what the change means')
    state = await recordStep(world, state, { is: 'assessed', assessment: await world.assess(state) })
  }
  if (state.tests === null) {
    world.progress('Testing the change')
    state = await recordStep(world, state, { is: 'tested', tests: await world.test(state) })
  }
  return state
}

/** An emergency waits for no proposal: what only waits finds the file changed afterwards, and is planned anew. */
function refuseClash(other: ChangeState | null, plan: ChangePlan): void {
  if (plan.class === 'emergency' && other?.phase === 'proposed') return
  const paths = new Set(plan.effects.map(({ path }) => path))
  const both = other?.plan.effects.find(({ path }) => paths.has(path))
  if (other === null || both === undefined) return
  throw new UserError(
    'change-impossible',
    `Change ${other.id} is open and touches ${both.path} as well: "${other.plan.title}".`,
    `Finish it with "upkeep fix --change ${other.id}", or give it up with "upkeep changes --abandon ${other.id}".`,
  )
}

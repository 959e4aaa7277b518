import { fileSubject, serverSubject } from '@upkeep/contract'
import type { ChangeStep } from '@upkeep/contract/change-step'
import type { MessageKind, NoticeEvent } from '@upkeep/contract/notify'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { touchedServers } from '@upkeep/domain/changes/touched-servers'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { recordStep } from '@upkeep/engine/change/record-step'
import { ownersOf } from '../owners-of.ts'
import { type Telling, type Told, tellPeople } from '../tell-people.ts'
import type { Context } from './context.ts'

type Recorded = Extract<ChangeStep, { is: 'notified' }>['about']

const recordedAs: Partial<Record<MessageKind, Recorded>> = {
  'emergency-opened': 'opened',
  'emergency-contained': 'contained',
  'emergency-not-contained': 'not-contained',
  'enforcement-reverted': 'reverted',
  'change-applied': 'applied',
  'change-rolled-back': 'rolled-back',
}

interface Said {
  readonly details?: readonly string[]
  /** Left out: an emergency is, unless it is a rehearsal. */
  readonly urgent?: boolean
  /** What is told beside it. */
  readonly also?: readonly Telling[]
}

/** Tells those who are to be told of a change, and records what came of it, also where the change is at its end. */
export async function tellOfChange(
  context: Context,
  world: ChangeWorld,
  given: ChangeState,
  event: NoticeEvent | 'resolved',
  { details = [], urgent, also = [] }: Said = {},
): Promise<{ state: ChangeState; told: Told[] }> {
  const { plan, emergency } = given
  const rehearsal = emergency?.rehearsal ?? false
  const affected = [...new Set((emergency?.affected ?? []).map(({ name }) => name))]
  const telling: Telling = {
    event,
    change: given.id,
    title: plan.title,
    rehearsal,
    servers: (affected.length > 0 ? affected : touchedServers(plan)).slice(0, 200),
    owners: ownersOfChange(context, given),
    details: [...details, ...(given.closing === null || given.closing === '' ? [] : [given.closing])],
    more: `upkeep changes ${given.id}`,
    severity: emergency === null ? null : 'critical',
    urgent: urgent ?? (emergency !== null && !rehearsal),
    thread: `change ${given.id}`,
    about: [],
  }
  const told = await tellPeople(context, telling, also)
  const about = recordedAs[event]
  let state = given
  if (about !== undefined)
    for (const one of told) state = await recordStep(world, state, { is: 'notified', about, ...one })
  return { state, told }
}

/** How a change that was made ended, for those who are to be told; null where it is not at its end, or was never begun. */
export function endOf({ outcome, plan, done }: ChangeState): NoticeEvent | null {
  if (outcome === 'done') return plan.class === 'standard' ? 'enforcement-reverted' : 'change-applied'
  if (outcome === 'rolled-back' || outcome === 'rolled-back-in-part') return 'change-rolled-back'
  return outcome === null || done.size === 0 ? null : 'change-rolled-back'
}

/** Tells how a change ended, where it did. */
export async function tellOfEnd(context: Context, world: ChangeWorld, state: ChangeState): Promise<ChangeState> {
  const event = endOf(state)
  return event === null ? state : (await tellOfChange(context, world, state, event)).state
}

/** Who answers for the servers and files of a change. */
export function ownersOfChange({ upkeepFile }: Pick<Context, 'upkeepFile'>, { plan }: ChangeState): string[] {
  const owners = ownersOf(upkeepFile.servers)
  const all = plan.inputs.flatMap((input) =>
    owners('server' in input ? serverSubject('any', input.path, input.server) : fileSubject(input.path)),
  )
  return [...new Set(all)].sort().slice(0, 200)
}

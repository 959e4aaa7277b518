import { Notice } from '@upkeep/contract/notify'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { Store } from '@upkeep/engine/store/store'
import { type Telling, tellPeople } from '../tell-people.ts'
import type { Context } from './context.ts'

/** Tells on-call services that a person approved what ends a matter that they were called for. Gives the change back as it is. */
export async function tellTakenOn(context: Context, store: Store, state: ChangeState): Promise<ChangeState> {
  const [first, ...rest] = await takenOnBy(context, store, state, { itself: true })
  if (first !== undefined) await tellPeople(context, first, rest)
  return state
}

/**
 * One message for each open matter that a change takes on: what asked whether this is an emergency, and alarms that it closes whole; with `itself`,
 * also what was told of the change itself. A rehearsal takes nothing on.
 */
export async function takenOnBy(
  { upkeepFile, signer }: Context,
  store: Store,
  { id, plan, emergency }: ChangeState,
  { itself }: { itself: boolean },
): Promise<Telling[]> {
  if (emergency?.rehearsal === true || !upkeepFile.notify.some((one) => 'pagerduty' in one)) return []
  const closes = new Set(plan.closes)
  const isTaken = ({ event, thread, about }: Notice) => {
    const ends = about.filter((print) => closes.has(print)).length
    return (itself && thread === `change ${id}`) || (ends > 0 && (event === 'emergency-asked' || ends === about.length))
  }
  const open = (await store.deliveries.open()).map(({ body }) => Notice.parse(JSON.parse(body))).filter(isTaken)
  return [...new Map(open.map((notice) => [notice.thread, notice])).values()].map(({ at: _, ...opened }) => ({
    ...opened,
    event: 'taken-on',
    change: id,
    details: [`by ${signer.person}, with change ${id}`],
    more: `upkeep changes ${id}`,
  }))
}

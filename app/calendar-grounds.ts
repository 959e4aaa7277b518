import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { changeState } from '@upkeep/domain/changes/change-state'
import type { CalendarGrounds } from '@upkeep/domain/changes/held-by-calendar'
import type { Store } from '@upkeep/engine/store/store'
import type { ActsInput } from './acts-input.ts'

/** How many of the newest changes may still take a place in a window. */
const recent = 500

/** What the calendar is asked with: the owner's windows, the other changes, and by when it has to be. */
export async function calendarGrounds(
  { upkeepFile, clock }: Pick<ActsInput, 'upkeepFile' | 'clock'>,
  store: Store,
  state: Pick<ChangeState, 'id' | 'plan'>,
): Promise<CalendarGrounds> {
  const { windows, freezes, dependencies } = upkeepFile
  const grounds = { calendar: { windows, freezes, dependencies }, now: clock.now() }
  if (windows.length + freezes.length + dependencies.length === 0 && state.plan.ring === undefined)
    return { ...grounds, others: [], due: null }
  const others = (await knownChanges(store)).filter(({ id }) => id !== state.id)
  return { ...grounds, others, due: await dueOf(store, state.plan.closes) }
}

/** The changes that are open, and the newest of the others. */
export async function knownChanges(store: Store): Promise<ChangeState[]> {
  const ids = new Set([...(await store.changes.open()), ...(await store.changes.list({ limit: recent }))])
  const states = await Promise.all([...ids].map(async (id) => changeState(await store.changes.steps(id))))
  return states.filter((state) => state !== null)
}

/** By when the first of these findings has to be dealt with. */
export async function dueOf(store: Store, prints: readonly string[]): Promise<string | null> {
  const wanted = new Set(prints)
  const dues = (await store.findings.current()).flatMap(({ statement }) =>
    wanted.has(statement.fingerprint) && typeof statement.due?.at === 'string' ? [statement.due.at] : [],
  )
  return dues.sort()[0] ?? null
}

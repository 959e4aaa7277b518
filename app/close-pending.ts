import { UserError } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { closePending, isPending } from '@upkeep/engine/change/drive-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { withLease } from '@upkeep/engine/schedule/with-lease'

/**
 * Closes changes that waited for processes of before, where a scan finds them gone. Only once it judged what they should close, and never one
 * of a rollout: that goes on by its own command. Returns the ids of those that are closed now.
 */
export async function closePendingChanges(world: ChangeWorld, ran: readonly string[], user: string): Promise<string[]> {
  const closed: string[] = []
  for (const state of await pendingIn(world, ran)) {
    const end = await alone(world, state, user)
    if (end?.phase === 'closed') closed.push(end.id)
  }
  return closed
}

async function pendingIn(world: ChangeWorld, ran: readonly string[]): Promise<ChangeState[]> {
  const states = await Promise.all((await world.store.changes.open()).map((id) => storedChange(world.store, id)))
  const pending = states.flatMap((one) => (one !== null && isPending(one) && one.plan.ring === undefined ? [one] : []))
  if (pending.length === 0) return []
  const duties = new Map(
    (await world.store.findings.current()).map(({ statement }) => [statement.fingerprint, statement.duty]),
  )
  return pending.filter(({ plan }) => plan.closes.every((print) => ran.includes(duties.get(print) ?? '')))
}

/** Who makes a change just now closes it too; what cannot be closed waits for the next scan, or for its own command to say why. */
async function alone(world: ChangeWorld, { id }: ChangeState, user: string): Promise<ChangeState | null> {
  try {
    return await withLease(world.store, { name: 'changes', waitSeconds: 0 }, async (lease) => {
      const state = await storedChange(world.store, id)
      return state === null ? null : closePending(world, state, { holder: user, confirm: lease.confirm })
    })
  } catch (error) {
    if (error instanceof UserError) return null
    throw error
  }
}

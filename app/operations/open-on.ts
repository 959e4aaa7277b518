import { UserError } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange } from '@upkeep/engine/change/drive-change'
import { openEmergency } from '@upkeep/engine/change/open-emergency'
import { planChange } from '@upkeep/engine/change/propose-change'
import { knownChanges } from '../calendar-grounds.ts'
import { asTheOnlyMaker } from './change-flow.ts'
import type { Context } from './context.ts'
import { captureNow, type EmergencyGrounds } from './emergency-grounds.ts'
import { tellOfChange } from './tell-of-change.ts'
import { takenOnBy } from './tell-taken-on.ts'

/** How an emergency is opened. `urgent`: it is told in quiet hours too. */
export interface Opening {
  readonly rehearse: boolean
  readonly urgent: boolean
  readonly reason?: string | undefined
}

/** Puts an emergency on record, with its traces, and tells of it. Nothing is switched off yet. */
export async function openOn(context: Context, world: ChangeWorld, grounds: EmergencyGrounds, how: Opening) {
  const state = await opened(context, world, grounds, how)
  const also = await takenOnBy(context, world.store, state, { itself: false })
  return tellOfChange(context, world, state, 'emergency-opened', { urgent: how.urgent, also })
}

async function opened(
  context: Context,
  world: ChangeWorld,
  grounds: EmergencyGrounds,
  { rehearse, reason }: Opening,
): Promise<ChangeState> {
  const { trigger, affected, inputs, closes, notReached } = grounds
  const notKnown = [...notReached, ...grounds.notKnown].slice(0, 50)
  if (inputs.length === 0) throw nothingToSwitchOff(trigger.name, notReached)
  const title = `${rehearse ? 'Rehearsal: ' : ''}emergency: ${trigger.name}`.slice(0, 300)
  const plan = await planChange(world, { inputs, title, class: 'emergency', closes, said: notReached })
  if (plan === null) throw nothingToSwitchOff(trigger.name, notReached)
  return asTheOnlyMaker(context, world, async () => {
    if (!rehearse) await giveUpWaiting(context, world, grounds)
    return openEmergency(world, plan, {
      trigger,
      affected,
      notKnown,
      rehearsal: rehearse,
      requester: context.signer,
      reason: reason ?? null,
      capture: () => captureNow(context),
    })
  })
}

/** One that waits for its word is planned from the files as they were then: opened again, it is planned from what they are. */
async function giveUpWaiting(context: Context, world: ChangeWorld, { trigger }: EmergencyGrounds): Promise<void> {
  for (const one of await knownChanges(world.store)) {
    const isSame = trigger.fingerprint !== null && one.emergency?.trigger.fingerprint === trigger.fingerprint
    if (isSame && one.phase === 'proposed' && one.approvals.length === 0 && one.emergency?.rehearsal === false)
      await abandonChange(world, one, 'it was opened again, from the files as they are now', context.signer)
  }
}

function nothingToSwitchOff(name: string, notReached: readonly string[]): UserError {
  return new UserError(
    'change-impossible',
    `Nothing of "${name}" is on that could be switched off here.${notReached.map((line) => ` ${line}.`).join('')}`,
    'See where it is declared with "upkeep servers", and switch it off there by hand.',
  )
}

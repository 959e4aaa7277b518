import { UserError } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { pressingQuestions } from '@upkeep/domain/pressing'
import { knownChanges } from '../calendar-grounds.ts'
import type { Context } from './context.ts'
import { emergencyGrounds } from './emergency-grounds.ts'
import { standingFindings, unaccepted } from './find-findings.ts'
import { openOn } from './open-on.ts'

/**
 * Opens what else would only be asked about, where `upkeep.yaml` says so: who is affected and what was there before are on record, people are
 * told, and it waits for one word; nothing is switched off before it. Each once: what was given up is asked about and not opened again.
 *
 * @returns the fingerprints of the findings that an emergency was opened for.
 */
export async function openPressing(context: Context): Promise<ReadonlySet<string>> {
  const store = await context.existingStore()
  if (store === null || !context.upkeepFile.emergencies.open) return new Set()
  const now = context.clock.now()
  const open = unaccepted(await standingFindings(store, now))
  const opened = new Set((await knownChanges(store)).flatMap((one) => triggerOf(one) ?? []))
  for (const group of pressingQuestions(open, now)) {
    const prints = group.map(({ statement }) => statement.fingerprint)
    const [first] = prints
    if (first === undefined || prints.some((one) => opened.has(one))) continue
    if (await openedFor(context, first)) opened.add(first)
  }
  return opened
}

function triggerOf({ emergency }: ChangeState): string | null {
  return emergency === null || emergency.rehearsal ? null : emergency.trigger.fingerprint
}

/** Where nothing could be switched off, and where the files say something else by now, the question alone stands. */
async function openedFor(context: Context, fingerprint: string): Promise<boolean> {
  const world = await context.acts.changes()
  try {
    const grounds = await emergencyGrounds(context, world.store, fingerprint)
    await openOn(context, world, grounds, {
      rehearse: false,
      urgent: true,
      reason: 'By the first round that knew of it.',
    })
    return true
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

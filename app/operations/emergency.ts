import { UserError } from '@upkeep/contract'
import { isAlone } from '@upkeep/domain/changes/approval-rule'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { reviewDueAt, secondsToContain } from '@upkeep/domain/changes/held-by-emergency'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange, makeChange } from '@upkeep/engine/change/drive-change'
import { openEmergency } from '@upkeep/engine/change/open-emergency'
import { planChange } from '@upkeep/engine/change/propose-change'
import { z } from 'zod'
import { asItIsNow, askApproval, asTheOnlyMaker } from './change-flow.ts'
import { changeOutput } from './change-output.ts'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'
import { captureNow, type EmergencyGrounds, emergencyGrounds } from './emergency-grounds.ts'
import { EmergencyOutput } from './emergency-output.ts'
import { emergencyText } from './emergency-text.ts'
import { defineOperation } from './operation.ts'
import { tellOfChange } from './tell-of-change.ts'
import { takenOnBy } from './tell-taken-on.ts'

/** Something is exploited now: know who is affected, keep the traces, switch it off, by one word, and look at it afterwards. */
export const emergency = defineOperation({
  id: 'emergency',
  summary: 'switch off what is exploited now: traces kept first, one approver, a review afterwards',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    what: z.string().min(1).describe('A server, or a finding by its fingerprint'),
    reason: z.string().min(1).max(2_000).optional().describe('Why, for the record'),
    rehearse: z.boolean().default(false).describe('Do all of it but write: the record says that it was a rehearsal'),
    throughQuietHours: z
      .boolean()
      .default(false)
      .describe('With --rehearse: tell it at once, as an emergency is told, also in quiet hours'),
    key: z
      .string()
      .optional()
      .meta({ description: 'Approve with this SSH key, as "approve" does', valueName: 'file', local: true }),
  }),
  output: EmergencyOutput,
  cli: {
    verb: 'emergency',
    positionals: ['what'],
    listed: 'front',
    examples: [
      {
        command: 'upkeep emergency crm --reason "CVE-2025-6514 is exploited"',
        says: 'switches crm off in every client',
      },
      { command: 'upkeep emergency crm --rehearse', says: 'the same without writing, for practice' },
      {
        command: 'upkeep emergency crm --rehearse --through-quiet-hours',
        says: 'practise being called at night too',
      },
    ],
  },
  async run(context, input) {
    const store = await requireStore(context)
    const world = await context.acts.changes()
    const grounds = await emergencyGrounds(context, store, input.what)
    const proposed = await opened(context, world, grounds, input)
    const urgent = !input.rehearse || input.throughQuietHours
    const also = await takenOnBy(context, store, proposed, { itself: false })
    const before = await tellOfChange(context, world, proposed, 'emergency-opened', { urgent, also })
    if (input.rehearse) {
      const over = await rehearsed(context, world, before.state, input.key)
      const after = await tellOfChange(context, world, over, 'resolved', { urgent })
      return answerOf(context, after.state, [...before.told, ...after.told], grounds)
    }
    const state = await contained(context, world, before.state, input.key)
    const event = state.outcome === 'done' ? 'emergency-contained' : 'emergency-not-contained'
    const after = await tellOfChange(context, world, state, event)
    return answerOf(context, after.state, [...before.told, ...after.told], grounds)
  },
})

interface Asked {
  reason?: string | undefined
  rehearse: boolean
  key?: string | undefined
}

async function opened(
  context: Context,
  world: ChangeWorld,
  grounds: EmergencyGrounds,
  asked: Asked,
): Promise<ChangeState> {
  const { trigger, affected, inputs, closes, notReached } = grounds
  const notKnown = [...notReached, ...grounds.notKnown].slice(0, 50)
  if (inputs.length === 0) throw nothingToSwitchOff(trigger.name, notReached)
  const title = `${asked.rehearse ? 'Rehearsal: ' : ''}emergency: ${trigger.name}`.slice(0, 300)
  const plan = await planChange(world, { inputs, title, class: 'emergency', closes, said: notReached })
  if (plan === null) throw nothingToSwitchOff(trigger.name, notReached)
  return asTheOnlyMaker(context, world, () =>
    openEmergency(world, plan, {
      trigger,
      affected,
      notKnown,
      rehearsal: asked.rehearse,
      requester: context.signer,
      reason: asked.reason ?? null,
      capture: () => captureNow(context),
    }),
  )
}

function nothingToSwitchOff(name: string, notReached: readonly string[]): UserError {
  return new UserError(
    'change-impossible',
    `Nothing of "${name}" is on that could be switched off here.${notReached.map((line) => ` ${line}.`).join('')}`,
    'See where it is declared with "upkeep servers", and switch it off there by hand.',
  )
}

async function contained(
  context: Context,
  world: ChangeWorld,
  given: ChangeState,
  key: string | undefined,
): Promise<ChangeState> {
  const state = await askApproval(context, world, given, key)
  return asTheOnlyMaker(context, world, async (maker) => makeChange(world, await asItIsNow(world, state), maker))
}

/** As far as the first write, and no further: the engine holds a rehearsal whatever is approved. */
async function rehearsed(
  context: Context,
  world: ChangeWorld,
  given: ChangeState,
  key: string | undefined,
): Promise<ChangeState> {
  const state = context.person === null ? given : await askApproval(context, world, given, key)
  return abandonChange(world, state, 'rehearsed: everything but the writing was done', context.signer)
}

function answerOf(
  context: Context,
  state: ChangeState,
  told: EmergencyOutput['told'],
  { notReached }: Pick<EmergencyGrounds, 'notReached'>,
) {
  const rehearsal = state.emergency?.rehearsal ?? false
  const output: EmergencyOutput = {
    change: changeOutput(state, null),
    rehearsal,
    affected: [...(state.emergency?.affected ?? [])],
    evidence: [...(state.evidence?.captured ?? [])],
    told,
    notReached,
    secondsToContain: secondsToContain(state),
    reviewDue: reviewDueAt(state),
  }
  const isWell = rehearsal || state.outcome === 'done'
  return {
    output,
    text: (style: Parameters<typeof emergencyText>[2]) =>
      emergencyText(output, { notKnown: state.emergency?.notKnown ?? [], alone: isAlone(context.people) }, style),
    // What could not be reached may still run it: that is no success.
    ...(!isWell
      ? { outcome: 'findings' as const }
      : notReached.length > 0
        ? { outcome: 'not-evaluated' as const }
        : {}),
  }
}

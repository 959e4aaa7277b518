import { ChangePlan, UserError } from '@upkeep/contract'
import type { SetCalendar } from '@upkeep/contract/changes/set-calendar'
import { titleWords } from '@upkeep/domain/changes/input-words'
import { planChange } from '@upkeep/engine/change/propose-change'
import { z } from 'zod'
import { ChangeOutput, changeOutput } from './change-output.ts'
import { outcomeText, planText } from './change-text.ts'
import type { Context } from './context.ts'
import { makePlan } from './make-plan.ts'
import type { Answer } from './operation.ts'

/** How far a change of the calendar is taken, asked with each. */
export const calendarSteps = {
  plan: z.boolean().default(false).describe('Only show what would be written; store nothing'),
  propose: z.boolean().default(false).describe('Only propose it: it waits for who approves it'),
  reason: z.string().min(1).max(2_000).optional().describe('Why, for the record'),
  key: z
    .string()
    .optional()
    .meta({ description: 'Approve with this SSH key, as "approve" does', valueName: 'file', local: true }),
}
interface Steps {
  readonly plan: boolean
  readonly propose: boolean
  readonly reason?: string | undefined
  readonly key?: string | undefined
}

export const CalendarChangeOutput = z.strictObject({
  plan: ChangePlan.nullable().describe('What would be written, where only that was asked for'),
  change: ChangeOutput.nullable().describe('Null: nothing was left to do, or only the plan was asked for'),
})
type CalendarChangeOutput = z.infer<typeof CalendarChangeOutput>

type Entry = SetCalendar extends infer One ? (One extends SetCalendar ? Omit<One, 'kind' | 'path'> : never) : never

/** Has `upkeep.yaml` declare a window or a freeze otherwise: planned, approved, made and taken back as every change is. */
export async function changeCalendar(
  context: Context,
  entry: Entry,
  asked: Steps,
): Promise<Answer<CalendarChangeOutput>> {
  const path = context.upkeepFilePath
  if (path === null)
    throw new UserError(
      'not-found',
      'There is no upkeep.yaml that windows and freezes could stand in.',
      'Write one with "upkeep init", and ask again.',
    )
  const world = await context.acts.changes()
  const input: SetCalendar = { kind: 'set-calendar', path, ...entry }
  const plan = await planChange(world, {
    inputs: [input],
    title: titleWords(input, '').slice(0, 300),
    class: 'normal',
    closes: [],
  })
  if (plan === null)
    return { output: { plan: null, change: null }, text: () => 'It stands like that already: nothing is left to do.\n' }
  if (asked.plan) return { output: { plan, change: null }, text: (style) => planText(plan, style) }
  const state = await makePlan(context, world, plan, { ...asked, reason: asked.reason ?? defaultReason })
  const held = state.phase === 'proposed' ? await world.heldBy(state) : null
  return {
    output: { plan: null, change: changeOutput(state, held) },
    text: (style) => outcomeText(state, style, context.clock.now(), held),
    ...(state.outcome === 'done' || asked.propose ? {} : { outcome: 'findings' as const }),
  }
}

const defaultReason = 'the calendar is set by hand'
